#include "core/lab/bindings.h"
