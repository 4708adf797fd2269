#include "ui/bindings/bindingsmodel.h"

#include "core/text/text.h"
#include "ui/widgets/theme.h"

#include <algorithm>

namespace tokenlab::ui {

namespace {

bool isUrl(const QByteArray &text)
{
    return text.contains("://");
}

bool isWebUrl(const QByteArray &text)
{
    const QByteArray lower = text.toLower();
    const qsizetype scheme = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
    return scheme > 0 && text.size() > scheme && text[scheme] != '/';
}

QString kindName(BindingsModel::Kind kind)
{
    switch (kind) {
    case BindingsModel::Host:
        return BindingsModel::tr("Host");
    case BindingsModel::KeyUrl:
        return BindingsModel::tr("Key URL");
    case BindingsModel::KeyFile:
        return BindingsModel::tr("Key file");
    case BindingsModel::CaFile:
        return BindingsModel::tr("CA file");
    case BindingsModel::Certificate:
        return BindingsModel::tr("Certificate");
    case BindingsModel::ByHand:
        break;
    }
    return BindingsModel::tr("By hand");
}

} // namespace

QByteArray originOf(const QByteArray &url)
{
    if (!isWebUrl(url))
        return {};
    qsizetype end = url.indexOf("://") + 3;
    while (end < url.size() && !QByteArrayView("/?#").contains(url[end]))
        ++end;
    return url.left(end);
}

BindingsModel::BindingsModel(const gateway::ServiceConfig *service, const lab::Bindings &bindings, QObject *parent)
    : QAbstractTableModel(parent)
{
    if (service)
        listFile(*service);
    for (const lab::Binding &binding : bindings.all()) {
        const auto listed =
            std::find_if(m_rows.begin(), m_rows.end(), [&](const Row &row) { return row.from == binding.from && row.to.isEmpty(); });
        if (listed != m_rows.end())
            listed->to = binding.to;
        else
            m_rows.push_back({ByHand, binding.from, binding.to});
    }
}

void BindingsModel::list(Kind kind, const QByteArray &from)
{
    if (!from.isEmpty() && std::none_of(m_rows.begin(), m_rows.end(), [&](const Row &row) { return row.from == from; }))
        m_rows.push_back({kind, from, {}});
}

void BindingsModel::listFile(const gateway::ServiceConfig &service)
{
    for (const gateway::EndpointConfig &endpoint : service.endpoints) {
        for (const gateway::BackendConfig &backend : endpoint.backends) {
            for (const QByteArray &host : backend.hosts)
                list(Host, host);
        }
        const auto *signer = endpoint.signer ? std::get_if<gateway::SignerConfig>(&*endpoint.signer) : nullptr;
        if (!signer)
            continue;
        // With a file the gateway never asks the URL.
        if (signer->localPath.isEmpty()) {
            list(Host, originOf(signer->jwkUrl));
            list(KeyUrl, signer->jwkUrl);
        } else
            list(KeyFile, signer->localPath);
        list(CaFile, signer->localCa);
    }
    for (const QByteArray &ca : service.clientTls.caCerts)
        list(CaFile, ca);
    for (const auto &[certificate, key] : service.clientTls.clientCerts) {
        list(Certificate, certificate);
        list(Certificate, key);
    }
    for (const auto &[certificate, key] : service.serverTls.value_or(std::vector<std::pair<QByteArray, QByteArray>>())) {
        list(Certificate, certificate);
        list(Certificate, key);
    }
    std::stable_sort(m_rows.begin(), m_rows.end(), [](const Row &a, const Row &b) { return a.kind < b.kind; });
}

int BindingsModel::addRow()
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_rows.push_back({ByHand, {}, {}});
    endInsertRows();
    return row;
}

void BindingsModel::removeRowByHand(int row)
{
    if (!isByHand(row))
        return;
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
}

bool BindingsModel::isByHand(int row) const
{
    return row >= 0 && row < rowCount() && m_rows[std::size_t(row)].kind == ByHand;
}

lab::Bindings BindingsModel::bindings() const
{
    lab::Bindings bindings;
    for (const Row &row : m_rows) {
        if (!row.from.isEmpty() && !row.to.isEmpty())
            bindings.add({row.from, row.to});
    }
    return bindings;
}

QString BindingsModel::error(int index) const
{
    const Row &row = m_rows[std::size_t(index)];
    if (row.from.isEmpty() && row.to.isEmpty())
        return {}; // a row not begun yet
    if (row.from.isEmpty())
        return tr("It says where to, but not from what.");
    if (row.to.isEmpty())
        return row.kind == ByHand ? tr("%1 is led nowhere: say where to, or take the row away.").arg(text::inert(row.from)) : QString();
    const auto same = std::find_if(m_rows.begin(), m_rows.begin() + index,
                                   [&](const Row &other) { return other.from == row.from && !other.to.isEmpty(); });
    if (same != m_rows.begin() + index)
        return tr("%1 is led elsewhere already.").arg(text::inert(row.from));
    const QString to = text::inert(row.to);
    if (!isUrl(row.from))
        return isUrl(row.to) ? tr("%1 is a URL; a file can only be led to a file.").arg(to) : QString();
    if (isUrl(row.to))
        return isWebUrl(row.to) ? QString() : tr("%1 is no URL that begins with http:// or https:// and a host.").arg(to);
    return row.kind == Host ? tr("%1 is no URL: a host is led to one that begins with http:// or https://.").arg(to) : QString();
}

std::optional<std::pair<int, QString>> BindingsModel::firstError() const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (QString words = error(row); !words.isEmpty())
            return std::pair{row, words};
    }
    return std::nullopt;
}

int BindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int BindingsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

// What a row without a binding of its own comes to: a shorter one of another row may act on it.
QString BindingsModel::untouched(const QByteArray &from) const
{
    const lab::Bindings all = bindings();
    const auto led = isUrl(from) ? all.url(from) : all.file(from);
    return led ? text::inert(*led) : tr("as it is");
}

QVariant BindingsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row &row = m_rows[std::size_t(index.row())];
    const QByteArray &text = index.column() == FromColumn ? row.from : row.to;
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == KindColumn)
            return kindName(row.kind);
        if (index.column() == ToColumn && row.to.isEmpty() && row.kind != ByHand)
            return untouched(row.from);
        return text::inert(text);
    case Qt::EditRole:
        return index.column() == KindColumn ? QVariant() : QVariant(QString::fromUtf8(text));
    case Qt::ToolTipRole:
        if (const QString words = error(index.row()); !words.isEmpty())
            return words.toHtmlEscaped();
        return index.column() == KindColumn ? QVariant() : QVariant(text::inert(text).toHtmlEscaped());
    case Qt::FontRole:
        return index.column() == KindColumn || (index.column() == ToColumn && row.to.isEmpty()) ? QVariant() : QVariant(monoFont());
    case Qt::ForegroundRole:
        if (index.column() == ToColumn && !error(index.row()).isEmpty())
            return tokens().bad;
        return index.column() == KindColumn || row.to.isEmpty() ? QVariant(tokens().muted) : QVariant();
    case Qt::AccessibleTextRole:
        return index.column() == KindColumn ? kindName(row.kind)
               : index.column() == FromColumn
                   ? tr("from %1").arg(text::inert(row.from))
                   : (row.to.isEmpty() ? tr("%1 stays as it is").arg(text::inert(row.from)) : tr("to %1").arg(text::inert(row.to)));
    default:
        return {};
    }
}

bool BindingsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    Row &row = m_rows[std::size_t(index.row())];
    (index.column() == FromColumn ? row.from : row.to) = value.toString().trimmed().toUtf8();
    // Whether one row is in order may depend on another.
    emit dataChanged(this->index(0, 0), this->index(rowCount() - 1, ColumnCount - 1));
    return true;
}

Qt::ItemFlags BindingsModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    return index.column() == ToColumn || (index.column() == FromColumn && isByHand(index.row())) ? flags | Qt::ItemIsEditable : flags;
}

QVariant BindingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::FontRole)
        return smallFont();
    if (role != Qt::DisplayRole)
        return {};
    return section == KindColumn ? tr("What") : section == FromColumn ? tr("The file says") : tr("Here it leads to");
}

} // namespace tokenlab::ui
