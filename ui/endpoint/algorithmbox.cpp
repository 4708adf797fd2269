#include "ui/endpoint/algorithmbox.h"

#include "core/text/text.h"
#include "ui/widgets/theme.h"

#include <QAbstractItemView>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

namespace tokenlab::ui {

namespace {

constexpr int unknownRole = Qt::UserRole + 1, needRole = Qt::UserRole + 2;

class AlgorithmDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (const QString need = index.data(needRole).toString(); !need.isEmpty())
            option->text = need;
    }
};

QString familyTitle(jose::KeyType type)
{
    switch (type) {
    case jose::KeyType::Oct:
        return AlgorithmBox::tr("Shared secret");
    case jose::KeyType::Rsa:
        return AlgorithmBox::tr("RSA");
    case jose::KeyType::Ec:
        return AlgorithmBox::tr("Elliptic curve");
    case jose::KeyType::Ed25519:
        return AlgorithmBox::tr("Edwards curve");
    }
    return {};
}

} // namespace

QString neededKey(jose::Algorithm algorithm)
{
    switch (jose::keyTypeOf(algorithm)) {
    case jose::KeyType::Oct:
        return AlgorithmBox::tr("an oct key");
    case jose::KeyType::Rsa:
        return AlgorithmBox::tr("an RSA private key");
    case jose::KeyType::Ec:
        return algorithm == jose::Algorithm::ES256   ? AlgorithmBox::tr("an EC private key on P-256")
               : algorithm == jose::Algorithm::ES384 ? AlgorithmBox::tr("an EC private key on P-384")
                                                     : AlgorithmBox::tr("an EC private key on P-521");
    case jose::KeyType::Ed25519:
        return AlgorithmBox::tr("an Ed25519 private key");
    }
    return {};
}

AlgorithmBox::AlgorithmBox(QWidget *parent) : ElidedBox(parent)
{
    auto *model = new QStandardItemModel(this);
    std::optional<jose::KeyType> family;
    for (const jose::Algorithm algorithm : jose::allAlgorithms()) {
        if (family != jose::keyTypeOf(algorithm)) {
            family = jose::keyTypeOf(algorithm);
            auto *title = new QStandardItem(familyTitle(*family));
            title->setFlags(Qt::NoItemFlags);
            title->setFont(smallFont());
            model->appendRow(title);
        }
        const QString name = QString::fromLatin1(jose::name(algorithm));
        auto *item = new QStandardItem(name);
        item->setData(name, Qt::UserRole);
        item->setData(tr("%1 — needs %2").arg(name, neededKey(algorithm)), needRole);
        item->setAccessibleText(tr("%1, needs %2").arg(name, neededKey(algorithm)));
        model->appendRow(item);
    }
    setModel(model);
    setItemDelegate(new AlgorithmDelegate(this));
    view()->setMinimumWidth(330);
    setMaxVisibleItems(18);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(10);
}

void AlgorithmBox::choose(const QString &alg)
{
    auto *items = static_cast<QStandardItemModel *>(model());
    if (const QStandardItem *first = items->item(0); first->data(unknownRole).toBool() && first->data(Qt::UserRole).toString() != alg)
        items->removeRow(0);
    if (findData(alg) < 0) {
        auto *item = new QStandardItem(alg.isEmpty() ? tr("none") : text::inert(alg.toUtf8()));
        const QString whole = alg.isEmpty() ? tr("none — the gateway needs one") : tr("%1 — unknown to the gateway").arg(item->text());
        item->setData(alg, Qt::UserRole);
        item->setData(true, unknownRole);
        item->setData(whole, needRole);
        item->setAccessibleText(whole);
        items->insertRow(0, item);
    }
    setCurrentIndex(findData(alg));
    setToolTip(QStringLiteral("<p>") + currentData(needRole).toString().toHtmlEscaped() + QStringLiteral("</p>"));
}

} // namespace tokenlab::ui
