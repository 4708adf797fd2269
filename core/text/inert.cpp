#include "core/text/text.h"

namespace tokenlab::text {

static QString codePoint(char32_t character)
{
    return QStringLiteral("\u27e8U+%1\u27e9").arg(QString::number(uint(character), 16).toUpper().rightJustified(4, QLatin1Char('0')));
}

static bool actsOnOthers(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format: // direction marks, joiners, tags
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
    case QChar::Other_Surrogate:
        return true;
    default:
        // Letters by category, but they draw nothing at all.
        return c == 0x115f || c == 0x1160 || c == 0x3164 || c == 0xffa0;
    }
}

QString inert(QByteArrayView text)
{
    const QString decoded = QString::fromUtf8(text);
    QString out;
    out.reserve(decoded.size());
    for (qsizetype i = 0; i < decoded.size(); ++i) {
        char32_t c = decoded.at(i).unicode();
        if (QChar::isHighSurrogate(c) && i + 1 < decoded.size() && decoded.at(i + 1).isLowSurrogate()) {
            ++i;
            c = QChar::surrogateToUcs4(char16_t(c), decoded.at(i).unicode());
        }
        if (c < 0x20)
            out += QChar(char16_t(0x2400 + c)); // control pictures: one sign a character
        else if (c == 0x7f)
            out += QChar(char16_t(0x2421));
        else if (actsOnOthers(c))
            out += codePoint(c);
        else
            out += QString::fromUcs4(&c, 1);
    }
    return out;
}

} // namespace tokenlab::text
