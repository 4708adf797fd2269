#include "ui/keys/keysmodel.h"

#include "core/text/keys.h"
#include "core/text/text.h"

namespace tokenlab::ui {

std::pair<Shape, Tone> lookOf(keys::Warning warning)
{
    switch (warning) {
    case keys::Warning::Refused:
    case keys::Warning::EmptySecret:
    case keys::Warning::UnusableRsa:
    case keys::Warning::PrivateInPublic:
        return {Shape::Cross, Tone::Bad};
    case keys::Warning::MissingKid:
    case keys::Warning::OtherUse:
        return {Shape::Dot, Tone::Accent};
    default:
        return {Shape::Triangle, Tone::Warning};
    }
}

QString halfName(const keys::Row &row)
{
    return row.isSecret ? KeysModel::tr("secret") : row.isPrivate ? KeysModel::tr("private") : KeysModel::tr("public");
}

QString sentenceOf(const keys::Finding &finding)
{
    const QString words = text::warning(finding);
    return words.left(1).toUpper() + words.mid(1);
}

QString kidName(const QByteArray &kid)
{
    return kid.isEmpty() ? KeysModel::tr("(no kid)") : QStringLiteral("\u201c%1\u201d").arg(text::inert(kid));
}

namespace {

// What is worst decides how the row looks.
const keys::Finding *worst(const keys::Row &row)
{
    const keys::Finding *found = nullptr;
    const auto weight = [](const keys::Finding &finding) {
        const Tone tone = lookOf(finding.warning).second;
        return tone == Tone::Bad ? 2 : tone == Tone::Warning ? 1 : 0;
    };
    for (const keys::Finding &finding : row.findings) {
        if (!found || weight(finding) > weight(*found))
            found = &finding;
    }
    return found;
}

QString warningText(const keys::Row &row)
{
    const keys::Finding *first = worst(row);
    if (!first)
        return {};
    const auto more = row.findings.size() - 1;
    return more == 0 ? sentenceOf(*first) : KeysModel::tr("%1 (and %2 more)").arg(sentenceOf(*first)).arg(qulonglong(more));
}

QString cellText(const keys::Row &row, int column)
{
    switch (column) {
    case KeysModel::KidColumn:
        return row.kid.isEmpty() ? KeysModel::tr("(no kid)") : text::inert(row.kid);
    case KeysModel::TypeColumn:
        return text::inert(row.kty);
    case KeysModel::SizeColumn:
        return !row.curve.isEmpty() ? text::inert(row.curve) : row.bits > 0 ? KeysModel::tr("%1 bit").arg(row.bits) : QString();
    case KeysModel::AlgColumn:
        return text::inert(row.alg);
    case KeysModel::UseColumn:
        return text::inert(row.use);
    case KeysModel::HalfColumn:
        return halfName(row);
    case KeysModel::ThumbprintColumn:
        return QString::fromLatin1(row.thumbprint);
    default:
        return warningText(row);
    }
}

} // namespace

void KeysModel::setRows(std::vector<keys::Row> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int KeysModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int KeysModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant KeysModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const keys::Row &row = m_rows[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return cellText(row, index.column());
    case Qt::AccessibleTextRole: {
        const QString words = cellText(row, index.column());
        return words.isEmpty() && index.column() == WarningColumn ? tr("no warning") : words;
    }
    case Qt::ToolTipRole: {
        if (index.column() != WarningColumn)
            return cellText(row, index.column()).toHtmlEscaped();
        QStringList all;
        for (const keys::Finding &finding : row.findings)
            all << QStringLiteral("<p>%1</p>").arg(sentenceOf(finding).toHtmlEscaped());
        return all.join(QString());
    }
    case Qt::DecorationRole:
        if (const keys::Finding *found = worst(row); found && index.column() == WarningColumn) {
            const auto [shape, tone] = lookOf(found->warning);
            return shapeIcon(shape, toneColor(tone));
        }
        return {};
    case Qt::FontRole:
        return index.column() == ThumbprintColumn || (index.column() == KidColumn && !row.kid.isEmpty()) ? QVariant(monoFont())
                                                                                                         : QVariant();
    case Qt::ForegroundRole:
        if (index.column() == ThumbprintColumn || index.column() == UseColumn || (index.column() == KidColumn && row.kid.isEmpty()))
            return tokens().muted;
        if (index.column() == WarningColumn && worst(row))
            return toneColor(lookOf(worst(row)->warning).second);
        return {};
    default:
        return {};
    }
}

QVariant KeysModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::FontRole)
        return smallFont();
    if (role != Qt::DisplayRole)
        return {};
    static const char *const names[] = {QT_TR_NOOP("Key ID"), QT_TR_NOOP("Type"), QT_TR_NOOP("Size"),     QT_TR_NOOP("Algorithm"),
                                        QT_TR_NOOP("Use"),    QT_TR_NOOP("Half"), QT_TR_NOOP("Warnings"), QT_TR_NOOP("Thumbprint")};
    return section >= 0 && section < ColumnCount ? QVariant(tr(names[section])) : QVariant();
}

} // namespace tokenlab::ui
