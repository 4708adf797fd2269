#include "core/json/value.h"
