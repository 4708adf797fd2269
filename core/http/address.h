// Host names and IP texts under the names that http and net know them by.
#pragma once

#include "core/support/address.h"

namespace tokenlab::http {

using tokenlab::isDomainName;
using tokenlab::isIpv4;
using tokenlab::isIpv6;
using tokenlab::isLoopbackAddress;
using tokenlab::refusedIpv6;

} // namespace tokenlab::http
