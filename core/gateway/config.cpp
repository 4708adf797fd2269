#include "core/gateway/config.h"
