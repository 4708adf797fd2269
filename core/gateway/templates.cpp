#include "core/gateway/templates.h"

#include "core/gateway/edit.h"
#include "core/json/parse.h"

#include <algorithm>
#include <array>

namespace tokenlab::gateway {

namespace {

constexpr qsizetype longestAction = 4096; // what is not closed by then is no action
constexpr qsizetype shownAction = 80;

bool isNameByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || uchar(c) >= 0x80;
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The end of the action that begins at `{{`, behind its braces; -1 where it is not closed.
qsizetype actionEnd(const QByteArray &text, qsizetype at)
{
    const qsizetype limit = std::min(text.size(), at + longestAction);
    char quote = 0;
    for (qsizetype i = at + 2; i < limit; ++i) {
        const char c = text[i];
        if (quote) {
            if (c == '\\' && quote == '"')
                ++i;
            else if (c == quote)
                quote = 0;
        } else if (c == '"' || c == '`') {
            quote = c;
        } else if (c == '}' && i + 1 < text.size() && text[i + 1] == '}') {
            return i + 2;
        }
    }
    return -1;
}

struct Action {
    qsizetype begin = 0, end = 0;
    std::vector<QByteArray> words; // names, `.a.b`, and texts with their opening quote
};

std::vector<QByteArray> wordsOf(QByteArrayView inner)
{
    std::vector<QByteArray> words;
    for (qsizetype i = 0; i < inner.size();) {
        const char c = inner[i];
        if (c == '"' || c == '`') {
            qsizetype end = i + 1;
            QByteArray word(1, '"');
            for (; end < inner.size() && inner[end] != c; ++end) {
                if (inner[end] == '\\' && c == '"' && end + 1 < inner.size())
                    ++end;
                word += inner[end];
            }
            words.push_back(word);
            i = end + 1;
        } else if (isNameByte(c) || c == '.' || c == '$') {
            qsizetype end = i + 1;
            while (end < inner.size() && (isNameByte(inner[end]) || inner[end] == '.'))
                ++end;
            words.push_back(inner.sliced(i, end - i).toByteArray());
            i = end;
        } else {
            ++i;
        }
    }
    return words;
}

// What an action may begin with. `{{"a": 1}` in a broken JSON file is none.
bool canBegin(QByteArrayView inner)
{
    qsizetype at = inner.startsWith("- ") ? 1 : 0;
    while (at < inner.size() && isBlank(inner[at]))
        ++at;
    if (at == inner.size())
        return false;
    const char c = inner[at];
    if (c == '"' || c == '`') // `{{ "{{" }}`, `{{ "a" | upper }}`: a text alone or piped, not a member name
        return !inner.sliced(at).toByteArray().simplified().contains("\":");
    return c == '.' || c == '$' || c == '(' || inner.sliced(at).startsWith("/*") || isNameByte(c);
}

// In a text that is JSON, `{{` counts where the words are those of a template: url patterns may hold `{{.Id}}`.
bool isTemplateWord(const QByteArray &word)
{
    static constexpr std::array words{"include", "template", "marshal", "env",   "range",  "if",    "else",
                                      "end",     "with",     "define",  "block", "toJson", "index", "quote"};
    if (std::any_of(words.begin(), words.end(), [&](const char *known) { return word == known; }))
        return true;
    return word.startsWith('.') && word.indexOf('.', 1) > 1;
}

void addOnce(std::vector<QByteArray> &list, const QByteArray &text)
{
    if (!text.isEmpty() && std::find(list.begin(), list.end(), text) == list.end())
        list.push_back(text);
}

} // namespace

std::optional<TemplateUse> templateUse(const QByteArray &text, const QString &fileName)
{
    if (!text.contains("{{"))
        return {};
    std::vector<Action> actions;
    qsizetype close = 0;
    for (qsizetype at = text.indexOf("{{"); at >= 0;) {
        // Texts full of opening braces stay cheap.
        if (close < at + 2)
            close = text.indexOf("}}", at + 2);
        if (close < 0)
            break;
        if (close > at + longestAction) {
            at = text.indexOf("{{", close - longestAction);
            continue;
        }
        const qsizetype end = actionEnd(text, at);
        const QByteArrayView inner = end < 0 ? QByteArrayView() : QByteArrayView(text).sliced(at + 2, end - at - 4);
        if (end < 0 || !canBegin(inner)) {
            at = text.indexOf("{{", at + 1);
            continue;
        }
        const bool comment = inner.toByteArray().simplified().contains("/*");
        actions.push_back({at, end, comment ? std::vector<QByteArray>() : wordsOf(inner)});
        at = text.indexOf("{{", end);
    }
    if (actions.empty())
        return {};

    TemplateUse use;
    use.actionsInStringsOnly = json::parse(text).ok();
    if (use.actionsInStringsOnly && !fileName.endsWith(QLatin1String(".tmpl"), Qt::CaseInsensitive)) {
        const bool any = std::any_of(actions.begin(), actions.end(), [](const Action &action) {
            return std::any_of(action.words.begin(), action.words.end(), isTemplateWord);
        });
        if (!any)
            return {};
    }
    use.offset = actions.front().begin;
    use.actions = int(actions.size());
    use.action = text.mid(use.offset, actions.front().end - use.offset).simplified();
    if (use.action.size() > shownAction)
        use.action = use.action.first(shownAction) + "\xE2\x80\xA6";
    for (const Action &action : actions) {
        for (std::size_t i = 0; i < action.words.size(); ++i) {
            const QByteArray &word = action.words[i];
            const QByteArray next = i + 1 < action.words.size() ? action.words[i + 1] : QByteArray();
            if (next.startsWith('"')) {
                if (word == "include")
                    addOnce(use.includes, next.sliced(1));
                else if (word == "template")
                    addOnce(use.templates, next.sliced(1));
                else if (word == "env")
                    addOnce(use.variables, next.sliced(1));
            }
            if (word.startsWith('.') && word.size() > 1) {
                const qsizetype dot = word.indexOf('.', 1);
                addOnce(use.settings, word.mid(1, dot < 0 ? -1 : dot - 1));
            }
        }
    }
    return use;
}

QByteArray Release::text() const
{
    const QByteArray two = QByteArray::number(major) + '.' + QByteArray::number(minor);
    return patch < 0 ? two : two + '.' + QByteArray::number(patch);
}

std::optional<Release> parseRelease(QByteArrayView text)
{
    QByteArray rest = text.toByteArray();
    if (rest.startsWith('v'))
        rest.remove(0, 1);
    rest = rest.left(rest.indexOf('-') < 0 ? rest.size() : rest.indexOf('-'));
    const QByteArrayList parts = rest.split('.');
    if (parts.size() < 2 || parts.size() > 3)
        return {};
    std::array<int, 3> numbers{0, 0, -1};
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const QByteArray &part = parts[i];
        const bool digits =
            !part.isEmpty() && part.size() <= 6 && std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!digits)
            return {};
        numbers[std::size_t(i)] = part.toInt();
    }
    return Release{numbers[0], numbers[1], numbers[2]};
}

std::optional<Release> schemaRelease(const QByteArray &text)
{
    const auto document = json::parse(text);
    if (!document)
        return {};
    const json::Value schema = document.value().root().find("$schema");
    if (!schema.isString())
        return {};
    for (const QByteArray &part : schema.bytes().split('/')) {
        if (const auto release = parseRelease(part); release && part.startsWith('v'))
            return release;
    }
    return {};
}

} // namespace tokenlab::gateway
