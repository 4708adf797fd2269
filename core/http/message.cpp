#include "core/http/message.h"
