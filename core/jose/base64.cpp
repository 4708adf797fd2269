#include "core/jose/base64.h"
