#include "core/keys/keyfile.h"
