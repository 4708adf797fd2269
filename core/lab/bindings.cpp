#include "core/lab/bindings.h"

#include <string_view>

namespace tokenlab::lab {
namespace {

bool isUrl(QByteArrayView text)
{
    return text.contains("://");
}

QByteArrayView withoutSlash(QByteArrayView text)
{
    return text.size() > 1 && text.endsWith('/') ? text.chopped(1) : text;
}

// A prefix counts only up to the end of an origin or of a path segment: `https://h` is no prefix of `https://h2` or `https://h:8`.
bool isPrefix(QByteArrayView prefix, QByteArrayView text)
{
    if (prefix.isEmpty() || !text.startsWith(prefix))
        return false;
    if (text.size() == prefix.size() || prefix.endsWith('/'))
        return true;
    const char next = text[prefix.size()];
    return next == '/' || next == '?' || next == '#';
}

QByteArray replaced(QByteArrayView text, QByteArrayView from, QByteArrayView to)
{
    from = withoutSlash(from);
    if (!isPrefix(from, text))
        return text.toByteArray();
    const QByteArrayView rest = text.sliced(from.size());
    QByteArray out = (rest.isEmpty() ? to : withoutSlash(to)).toByteArray();
    out.append(rest.data(), rest.size());
    return out;
}

const Binding *longest(const std::vector<Binding> &all, QByteArrayView text, bool urls)
{
    const Binding *best = nullptr;
    for (const Binding &binding : all)
        if (isUrl(binding.from) == urls && isPrefix(withoutSlash(binding.from), text) && (!best || binding.from.size() > best->from.size()))
            best = &binding;
    return best;
}

} // namespace

Result<Binding, BindingError> parseBinding(const QByteArray &text)
{
    static constexpr std::string_view starts[] = {"http://", "https://", "/", "./", "../", "~/"};
    const auto split = [&text](qsizetype at) { return Binding{text.first(at).trimmed(), text.sliced(at + 1).trimmed()}; };
    for (qsizetype at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) {
        const QByteArrayView rest = QByteArrayView(text).sliced(at + 1);
        for (const std::string_view start : starts)
            if (at > 0 && rest.startsWith(QByteArrayView(start.data(), qsizetype(start.size()))))
                return split(at);
    }
    const qsizetype scheme = text.indexOf("://");
    const qsizetype at = text.indexOf('=', scheme < 0 ? 0 : scheme + 3);
    if (at <= 0 || at == text.size() - 1)
        return fail(BindingError{text});
    Binding binding = split(at);
    if (binding.from.isEmpty() || binding.to.isEmpty())
        return fail(BindingError{text});
    return binding;
}

const Binding *Bindings::forUrl(QByteArrayView url) const
{
    return longest(m_all, url, true);
}
const Binding *Bindings::forFile(QByteArrayView path) const
{
    return longest(m_all, path, false);
}

std::optional<QByteArray> Bindings::url(QByteArrayView url) const
{
    const Binding *binding = forUrl(url);
    return binding ? std::optional(bound(url, *binding)) : std::nullopt;
}

std::optional<QByteArray> Bindings::file(QByteArrayView path) const
{
    const Binding *binding = forFile(path);
    return binding ? std::optional(bound(path, *binding)) : std::nullopt;
}

QByteArray bound(QByteArrayView text, const Binding &binding)
{
    return replaced(text, binding.from, binding.to);
}
QByteArray unbound(QByteArrayView text, const Binding &binding)
{
    return replaced(text, binding.to, binding.from);
}

} // namespace tokenlab::lab
