// URLs under the names that http and net know them by; key sources read them too, so they live in core/support.
#pragma once

#include "core/support/url.h"

namespace tokenlab::http {

using tokenlab::quoted;
using tokenlab::Url;
using tokenlab::UrlError;

} // namespace tokenlab::http
