// Why a text at a URL that a user names could not be had.
#pragma once

#include "core/http/message.h"

#include <optional>

namespace tokenlab::http {

struct FetchError {
    enum Kind {
        Unprotected, // http, where only https is taken
        Transport,   // see transport
        Status,      // an answer, and none of 2xx
        Cut          // an answer that breaks off
    };
    Kind kind = Transport;
    QByteArray url; // that was asked, or that answered in the end
    int status = 0;
    std::optional<TransportError> transport = {};
};

} // namespace tokenlab::http
