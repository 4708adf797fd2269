#include "core/playground/server.h"
