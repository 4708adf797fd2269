#include "core/net/exchange.h"
