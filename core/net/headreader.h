// The lines before a body, as the gateway's client reads them: status line, MIME header with its words for what is malformed, and what it
// then takes the body's end to be. Go's net/http ReadResponse, textproto ReadMIMEHeader and readTransfer.
#pragma once

#include "core/http/message.h"

#include <optional>

namespace tokenlab::net {

// How the body ends.
struct Framing {
    enum Kind { None, Length, Chunked, UntilClose };
    Kind kind = None;
    qint64 length = 0; // announced
};

// Lines of a MIME header, one by one; a folded line belongs to the one before it. Errors are the gateway's words.
class MimeHeader
{
public:
    // False after the empty line that ends the header. Lines come without their end.
    [[nodiscard]] Result<bool, QByteArray> addLine(QByteArrayView line);
    // What was read where the input ended; an error if the last line was malformed.
    [[nodiscard]] Result<void, QByteArray> close() { return flush(); }
    [[nodiscard]] http::HeaderList take() { return std::move(m_headers); }

private:
    [[nodiscard]] Result<void, QByteArray> flush();

    http::HeaderList m_headers;
    QByteArray m_open; // may be continued
    bool m_hasOpen = false;
    bool m_first = true;
};

struct StatusLine {
    int status = 0;
    QByteArray reason;
    bool hasReason = false; // be it empty
    int major = 1, minor = 1;
};
[[nodiscard]] Result<StatusLine, QByteArray> readStatusLine(QByteArrayView line);

// Takes what only matters to the transport out of the headers.
[[nodiscard]] Result<Framing, QByteArray> readFraming(const StatusLine &status, bool toHead, http::HeaderList &headers);

} // namespace tokenlab::net
