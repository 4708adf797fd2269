// Bindings: what a production file names and a laptop cannot reach, mapped to something reachable. They live in the workspace, never in the
// document. Design §3.
#pragma once

#include "core/support/result.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace tokenlab::lab {

// FROM is a backend host (`https://backend`), a jwk_url, a jwk_local_path or a CA path; TO a URL or a file.
struct Binding {
    QByteArray from, to;
};

struct BindingError {
    QByteArray text; // as given
};
// `FROM=TO`. Both may contain `=`: the text is split at the first one that a URL or a path (`/`, `./`, `../`, `~/`) follows; where none
// does, at the first one after the scheme's host part.
[[nodiscard]] Result<Binding, BindingError> parseBinding(const QByteArray &text);

class Bindings
{
public:
    void add(const Binding &binding) { m_all.push_back(binding); }
    [[nodiscard]] const std::vector<Binding> &all() const { return m_all; }
    // The URL with its origin (or the longest bound prefix) replaced; nothing when no binding acts.
    [[nodiscard]] std::optional<QByteArray> url(QByteArrayView url) const;
    // A jwk_url may be bound to a file: then this is no URL but a path.
    [[nodiscard]] std::optional<QByteArray> file(QByteArrayView path) const;
    // The binding that acts on a URL or on a path; nullptr: none.
    [[nodiscard]] const Binding *forUrl(QByteArrayView url) const;
    [[nodiscard]] const Binding *forFile(QByteArrayView path) const;

private:
    std::vector<Binding> m_all;
};

// The text with the binding's FROM replaced by its TO, and back (for what the gateway would print). A text that does not begin with it
// stays as it is.
[[nodiscard]] QByteArray bound(QByteArrayView text, const Binding &binding);
[[nodiscard]] QByteArray unbound(QByteArrayView text, const Binding &binding);

} // namespace tokenlab::lab
