// The head of an answer with the gateway's strictness, as far as Qt shows it.
#pragma once

#include "core/http/message.h"

#include <QList>

#include <utility>

namespace tokenlab::net {

struct ReplyHead {
    http::HeaderList headers;        // as the gateway's client hands them on: without Transfer-Encoding and a repeated Content-Length
    std::optional<qint64> announced; // Content-Length; none where chunks end the body, or its own end
};
// `pairs` as from QNetworkReply: one for each name, lines of one name joined. The error is the gateway's words.
[[nodiscard]] Result<ReplyHead, QByteArray> readReplyHead(const QList<std::pair<QByteArray, QByteArray>> &pairs);

// Why it is not known what the gateway would read of such an answer; empty: it is known. Qt takes an interim answer for the final one, and
// shows no header at all where a single line is malformed.
[[nodiscard]] QByteArray unseenPart(int status, bool hasHeaders);

} // namespace tokenlab::net
