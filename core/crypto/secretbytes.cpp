#include "core/crypto/secretbytes.h"
