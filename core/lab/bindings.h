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
[[nodiscard]] Result<Binding, BindingError>
parseBinding(const QByteArray &text); // `FROM=TO`, split at the first `=` after the scheme's host part

class Bindings
{
public:
    void add(const Binding &binding) { m_all.push_back(binding); }
    [[nodiscard]] const std::vector<Binding> &all() const { return m_all; }
    // The URL with its origin (or the longest bound prefix) replaced; nothing when no binding acts.
    [[nodiscard]] std::optional<QByteArray> url(QByteArrayView url) const;
    [[nodiscard]] std::optional<QByteArray> file(QByteArrayView path) const;

private:
    std::vector<Binding> m_all;
};

} // namespace tokenlab::lab
