// What one exchange needs around QNetworkAccessManager to keep it from doing more than it was asked.
#pragma once

#include "core/support/url.h"

#include <QNetworkProxy>

class QIODevice;
class QNetworkAccessManager;
class QObject;

namespace tokenlab::net {

// Bytes that can be read once: QNetworkAccessManager, which sends a request again when its connection closes unanswered, then has nothing
// to send and must give up.
[[nodiscard]] QIODevice *oneTimeBody(const QByteArray &bytes, QObject *parent);

// A manager's destructor waits for its thread, which may be busy with megabytes of headers for seconds: it is deleted in another one.
void bury(QNetworkAccessManager *manager);

[[nodiscard]] QNetworkProxy qtProxy(const Url &proxy, bool secure);

} // namespace tokenlab::net
