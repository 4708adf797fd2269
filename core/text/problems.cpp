#include "core/text/problems.h"

#include "core/text/problemtable.h"
#include "core/text/text.h"

namespace tokenlab::text {

namespace {

const ProblemText *find(std::string_view id)
{
    for (const std::span<const ProblemText> table : {startTexts(), signerTexts(), keyTexts(), ruleTexts()})
        for (const ProblemText &row : table)
            if (row.id == id)
                return &row;
    return nullptr;
}

constexpr qsizetype longest = 400; // of one argument: a sentence is to be read

QString shown(const QByteArray &argument)
{
    const QString text = inert(argument);
    return text.size() > longest ? text.first(longest) + u'\u2026' : text;
}

QString words(const char *text)
{
    return QCoreApplication::translate("Problems", text);
}

// In one pass, so that an argument's own `%1` stays as it is.
QString filled(const QString &pattern, const std::vector<QByteArray> &arguments)
{
    QString out;
    out.reserve(pattern.size());
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const ushort next = i + 1 < pattern.size() ? pattern[i + 1].unicode() : ushort(0);
        if (pattern[i] == QLatin1Char('%') && next >= '1' && next <= '9') {
            const std::size_t index = next - '1';
            if (index < arguments.size())
                out += shown(arguments[index]);
            ++i;
        } else {
            out += pattern[i];
        }
    }
    return out;
}

} // namespace

QString message(const problems::Problem &problem)
{
    if (!problem.code)
        return {};
    const ProblemText *row = find(problem.code->id);
    if (!row)
        return QString::fromUtf8(problem.code->id.data(), qsizetype(problem.code->id.size()));
    // Nobody has seen this backend refuse: the reply is one of ours, and said to be.
    const bool example = problem.code->id == "failed-login-400" && problem.arguments.size() > 7 && problem.arguments[2] == "typical";
    const char *pattern =
        example ? QT_TRANSLATE_NOOP("Problems", "When the backend refuses a login, clients of %1 get %4 with an empty body. With "
                                                "return_error_details they would get the backend's status and body; of a backend that says "
                                                "%2 with %8, for example, %6: %7")
                : row->message;
    const QString text = filled(words(pattern), problem.arguments);
    const bool mayBeMeant = problem.code->id == "unknown-member" || problem.code->id == "unknown-component";
    if (mayBeMeant && problem.arguments.size() > 1 && !problem.arguments[1].isEmpty())
        return text + u' ' + words(QT_TRANSLATE_NOOP("Problems", "Was %1 meant?")).arg(shown(problem.arguments[1]));
    return text;
}

QString label(const problems::Fix &fix, const problems::Problem &)
{
    const auto argument = [&](std::size_t index) { return index < fix.arguments.size() ? shown(fix.arguments[index]) : QString(); };
    if (fix.kind == "set")
        return words(QT_TRANSLATE_NOOP("Problems", "Set %1 to %2")).arg(argument(0), argument(1));
    if (fix.kind == "remove")
        return words(QT_TRANSLATE_NOOP("Problems", "Remove %1")).arg(argument(0));
    if (fix.kind == "rename")
        return words(QT_TRANSLATE_NOOP("Problems", "Rename %1 to %2")).arg(argument(0), argument(1));
    if (fix.kind == "convert")
        return words(QT_TRANSLATE_NOOP("Problems", "Convert %1")).arg(argument(0));
    return words(QT_TRANSLATE_NOOP("Problems", "Add %1 to %2")).arg(argument(0), argument(1));
}

QString explanation(const problems::Code &code)
{
    const ProblemText *row = find(code.id);
    return row ? words(row->explanation) : QString();
}

} // namespace tokenlab::text
