#include "core/twin/signer.h"
