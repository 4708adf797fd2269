// The Keys window over the demonstration, and what its tests ask of it again and again.
#pragma once

#include "core/jose/keynumbers.h"
#include "core/keys/maker.h"
#include "ui/keys/keysdialog.h"
#include "ui/keys/keysmodel.h"
#include "ui/widgets/basics.h"
#include "windowfixture.h"

#include <QTreeView>

namespace tokenlab::ui {

inline QString recorded(const char *name)
{
    return QStringLiteral(TOKENLAB_TEST_DATA "/keys/") + QString::fromLatin1(name);
}

inline QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline keys::Entry made(jose::KeyType type, const QByteArray &kid)
{
    keys::MakeRequest request;
    request.type = type;
    request.bits = type == jose::KeyType::Rsa ? 2048 : 256;
    request.kid = {keys::KidRule::Given, kid, {}};
    auto entry = keys::make(request, {});
    if (!entry)
        qFatal("a key");
    return *std::move(entry);
}

// The value of a private member as it stands in the JWK.
inline QByteArray privatePart(const keys::Entry &entry)
{
    const QByteArray json = entry.json().view().toByteArray();
    for (const QByteArray &name : {QByteArray("\"k\":\""), QByteArray("\"d\":\"")}) {
        const qsizetype at = json.indexOf(name);
        if (at >= 0)
            return json.mid(at + name.size(), json.indexOf('"', at + name.size()) - at - name.size());
    }
    return {};
}

class KeysFixture : protected WindowFixture
{
protected:
    ~KeysFixture() = default;

    KeysDialog *m_keys = nullptr;

    template <class T>
    T *part(const char *name)
    {
        T *found = m_keys->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("no %s", name);
        return found;
    }
    template <class T>
    T *shown(const char *name) // a dialog that is open
    {
        for (T *one : m_window->findChildren<T *>(QString::fromLatin1(name))) {
            if (one->isVisible())
                return one;
        }
        return nullptr;
    }
    QString notice() { return part<Banner>("keysNotice")->isHidden() ? QString() : part<Banner>("keysNotice")->text(); }
    const keys::Entries &entries() { return m_keys->set()->entries(); }
    void addMade(std::initializer_list<keys::Entry> some) { m_keys->set()->add(some, QStringLiteral("test")); }
    void select(int row)
    {
        auto *table = part<QTreeView>("keysTable");
        table->setCurrentIndex(table->model()->index(row, 0));
    }
    [[nodiscard]] bool openKeys() // over a window that is settled
    {
        child<QAction>("keysAction")->trigger();
        m_keys = m_window->findChild<KeysDialog *>();
        return m_keys && m_keys->isVisible() && !m_keys->isModal();
    }
    void closeAll()
    {
        m_keys = nullptr;
        m_window.reset();
    }
};

} // namespace tokenlab::ui
