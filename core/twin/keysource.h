// What signer and validator share on their way to a key set: pins, the URL, and what a key host's answer is worth (specification §2, §3).
// Private to core/twin.
#pragma once

#include "core/twin/signer.h"

namespace tokenlab::twin {

struct PinFault {
    QByteArray text, member;
};
[[nodiscard]] Result<std::vector<QByteArray>, PinFault> decodePins(const std::vector<QByteArray> &fingerprints);
[[nodiscard]] QByteArray caFileText(const QByteArray &path, const QByteArray &error);
// What Go's client refuses before it opens a connection.
[[nodiscard]] std::optional<QByteArray> refusedUrl(const QByteArray &text);

struct KeyHostFault {
    StartStep step = StartStep::Download;
    QByteArray text;
    bool unknown = false; // the text is ours
};
// Without an error there is at least one key.
[[nodiscard]] Result<jose::KeySet, KeyHostFault> downloadedKeys(const DownloadSupply &supply);

} // namespace tokenlab::twin
