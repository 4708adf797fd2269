#include "ui/tokens/tokenmodel.h"

#include "core/json/writer.h"
#include "core/text/text.h"
#include "ui/widgets/theme.h"

#include <utility>

namespace tokenlab::ui {

namespace {
constexpr std::size_t maxChildren = 2000; // of one object or array; more is shown as a count
constexpr int maxDepth = 32;
constexpr qsizetype maxShown = 4096;
constexpr int maxNodes = 20000; // of a token

// The beginning of a value's JSON: writing all of a large one for each level of its tree would take seconds.
void summarize(QByteArray &out, json::Value value)
{
    const auto isFull = [&out] { return out.size() > maxShown; };
    if (value.isString()) {
        json::appendString(out, value.text().substr(0, std::size_t(maxShown)));
    } else if (value.isArray()) {
        out += '[';
        bool first = true;
        for (const json::Value &element : value.elements()) {
            if (isFull())
                return;
            if (!std::exchange(first, false))
                out += ',';
            summarize(out, element);
        }
        out += ']';
    } else if (value.isObject() && !value.isNilMap()) {
        out += '{';
        bool first = true;
        for (const json::Member &member : value.members()) {
            if (isFull())
                return;
            if (!std::exchange(first, false))
                out += ',';
            json::appendString(out, member.name.substr(0, std::size_t(maxShown)));
            out += ':';
            summarize(out, member.value);
        }
        out += '}';
    } else {
        json::append(out, value);
    }
}

QString shownText(const QByteArray &text, qsizetype whole)
{
    const QString shown = text::inert(text.left(maxShown));
    return whole > maxShown ? TokenModel::tr("%1… (cut; Copy has all of it)").arg(shown) : shown;
}
} // namespace

struct TokenModel::Node {
    enum Part { Root, Header, Payload, Signature, Member };
    Part part = Root;
    bool isHeaderMember = false;
    int level = 0;
    QString claim, value, meaning;
    QByteArray name; // of a top-level member, for its meaning
    json::Value json;
    Node *parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Node>> children;
    int *left = nullptr; // nodes that may still be made

    Node *add(Part p)
    {
        children.push_back(std::make_unique<Node>());
        Node *child = children.back().get();
        child->part = p;
        child->parent = this;
        child->row = int(children.size()) - 1;
        child->level = level + 1;
        child->left = left;
        if (left)
            --*left;
        return child;
    }
    void addValue(const QString &title, json::Value content, bool inHeader, const QByteArray &memberName)
    {
        Node *child = add(Member);
        child->claim = title;
        child->json = content;
        child->isHeaderMember = inHeader;
        child->name = memberName;
        if (content.isString()) {
            const std::string_view whole = content.text();
            child->value = shownText(QByteArray(whole.data(), qMin(qsizetype(whole.size()), maxShown)), qsizetype(whole.size()));
        } else {
            QByteArray summary;
            summarize(summary, content);
            child->value = shownText(summary, summary.size());
        }
        if (child->level < maxDepth)
            child->addChildren(content, inHeader);
    }
    void addChildren(json::Value content, bool inHeader)
    {
        std::size_t shown = 0;
        for (const json::Member &m : content.members()) {
            if (++shown > maxChildren || (left && *left <= 0))
                break;
            const QByteArray memberName(m.name.data(), qsizetype(m.name.size()));
            addValue(text::inert(memberName), m.value, inHeader, level == 1 ? memberName : QByteArray());
        }
        for (const json::Value &element : content.elements()) {
            if (++shown > maxChildren || (left && *left <= 0))
                break;
            addValue(QString::number(shown - 1), element, inHeader, {});
        }
    }
};

TokenModel::TokenModel(QObject *parent) : QAbstractItemModel(parent), m_root(std::make_unique<Node>()) {}

TokenModel::~TokenModel() = default;

void TokenModel::setToken(const jose::DecodedToken &token, Instant now)
{
    beginResetModel();
    m_token = token;
    m_now = now;
    build();
    endResetModel();
}

void TokenModel::setNow(Instant now)
{
    if (now == m_now)
        return;
    m_now = now;
    for (const auto &part : m_root->children) {
        if (part->children.empty())
            continue;
        for (const auto &child : part->children) {
            if (part->part == Node::Payload)
                child->meaning = text::claimMeaning({child->name.constData(), std::size_t(child->name.size())}, child->json, m_now);
        }
        const QModelIndex parentIndex = index(part->row, 0);
        emit dataChanged(index(0, MeaningColumn, parentIndex), index(int(part->children.size()) - 1, MeaningColumn, parentIndex));
    }
}

void TokenModel::build()
{
    m_root = std::make_unique<Node>();
    m_nodesLeft = maxNodes;
    m_root->left = &m_nodesLeft;
    if (m_token.form == jose::DecodedToken::None)
        return;
    Node *header = m_root->add(Node::Header);
    header->claim = tr("Header");
    header->addChildren(m_token.header.root(), true);
    for (const auto &child : header->children)
        child->meaning = text::headerMeaning({child->name.constData(), std::size_t(child->name.size())}, child->json);
    Node *payload = m_root->add(Node::Payload);
    payload->claim = tr("Payload");
    payload->addChildren(m_token.payload.root(), false);
    for (const auto &child : payload->children)
        child->meaning = text::claimMeaning({child->name.constData(), std::size_t(child->name.size())}, child->json, m_now);
    Node *signature = m_root->add(Node::Signature);
    signature->claim = tr("Signature");
    Node *bits = signature->add(Node::Member);
    bits->claim = tr("%1 bit").arg(m_token.signature.size() * 8);
    bits->meaning = tr("over header and payload");
}

const TokenModel::Node *TokenModel::nodeOf(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<const Node *>(index.internalPointer()) : m_root.get();
}

QModelIndex TokenModel::index(int row, int column, const QModelIndex &parent) const
{
    if (parent.isValid() && parent.column() != 0)
        return {};
    const Node *node = nodeOf(parent);
    if (row < 0 || row >= int(node->children.size()) || column < 0 || column >= ColumnCount)
        return {};
    return createIndex(row, column, node->children[std::size_t(row)].get());
}

QModelIndex TokenModel::parent(const QModelIndex &child) const
{
    if (!child.isValid())
        return {};
    const Node *up = nodeOf(child)->parent;
    return !up || up == m_root.get() ? QModelIndex() : createIndex(up->row, 0, up);
}

int TokenModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : int(nodeOf(parent)->children.size());
}

int TokenModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant TokenModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Node *node = nodeOf(index);
    const bool isPart = node->part != Node::Member;
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == ClaimColumn ? node->claim : index.column() == ValueColumn ? node->value : node->meaning;
    case Qt::ToolTipRole: // rich text is switched off by escaping
        return (index.column() == MeaningColumn ? node->meaning : node->value.left(1000)).toHtmlEscaped();
    case Qt::FontRole: {
        if (index.column() == ValueColumn)
            return monoFont();
        QFont font = uiFont();
        if (isPart)
            font.setWeight(QFont::DemiBold);
        return font;
    }
    case Qt::ForegroundRole:
        if (isPart)
            return node->part == Node::Header    ? tokens().tokenHeader
                   : node->part == Node::Payload ? tokens().tokenPayload
                                                 : tokens().tokenSignature;
        if (node->parent->part == Node::Signature)
            return index.column() == ClaimColumn ? tokens().text : tokens().muted;
        return index.column() == MeaningColumn ? tokens().muted : tokens().text;
    default:
        return {};
    }
}

QVariant TokenModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::FontRole)
        return smallFont();
    if (role != Qt::DisplayRole)
        return {};
    return section == ClaimColumn ? tr("Claim") : section == ValueColumn ? tr("Value") : tr("Meaning");
}

} // namespace tokenlab::ui
