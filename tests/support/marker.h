// A secret that can be found again: in whatever spelling it leaked, wherever it lies.
#pragma once

#include <QByteArray>
#include <QStringList>

#include <vector>

namespace tokenlab::testsupport {

// The spellings in which bytes may turn up: as they are, hex of either case, base64 and base64url at each of the three alignments, and as
// text with the escapes of JSON and of URLs. Only the middle of it is looked for, so that a part of it is found too.
class Marker
{
public:
    explicit Marker(const QByteArray &secret);
    // In which spelling; empty: it is not there.
    [[nodiscard]] QByteArray foundIn(const QByteArray &text) const;
    // Names and contents of all files below, but for those in `except` (absolute paths): `PATH: SPELLING`.
    [[nodiscard]] QStringList foundBelow(const QString &folder, const QStringList &except = {}) const;

private:
    struct Spelling {
        const char *name;
        QByteArray text;
    };
    std::vector<Spelling> m_spellings;
};

} // namespace tokenlab::testsupport
