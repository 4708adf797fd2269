// A real window for a test of its own, its settings apart from the user's, and what is done with it again and again.
#pragma once

#include "ui/mainwindow.h"
#include "ui/tokens/tokenspanel.h"

#include "core/playground/server.h"

#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <vector>

namespace tokenlab::ui {

inline const QByteArray keySet =
    R"({"keys":[{"kty":"oct","kid":"k","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]})";

inline QByteArray configuration(const QByteArray &host, const QByteArray &keySource)
{
    return "{\"version\":3,\"endpoints\":[{\"endpoint\":\"/t\",\"method\":\"POST\",\"timeout\":\"20s\",\"backend\":[{\"host\":[\"" + host +
           "\"],\"url_pattern\":\"/login\"}],\"extra_config\":{\"auth/"
           "signer\":{\"alg\":\"HS256\",\"kid\":\"k\",\"keys_to_sign\":[\"access_token\"]," +
           keySource + R"(,"disable_jwk_security":true}}}]})";
}

class WindowFixture
{
protected:
    ~WindowFixture() = default;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;

    template <class T>
    T *child(const char *name)
    {
        T *found = m_window->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("no widget %s", name);
        return found;
    }
    LabSession *session() { return m_window->session(); }
    QString write(const char *name, const QByteArray &bytes)
    {
        const QString path = m_folder->filePath(QString::fromLatin1(name));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("temporary file");
        return path;
    }
    void send() { QTest::mouseClick(child<QPushButton>("sendButton"), Qt::LeftButton); }
    [[nodiscard]] bool finished() { return session()->outcome() != nullptr; }
    std::vector<TokenCard *> cards()
    {
        std::vector<TokenCard *> shown;
        for (auto *card : m_window->findChildren<TokenCard *>()) {
            if (!card->isHidden())
                shown.push_back(card);
        }
        return shown;
    }
    void openLocal(const playground::Server &server)
    {
        const QByteArray keys = write("keys.json", keySet).toUtf8();
        m_window->openPath(write("krakend.json", configuration(server.origin(), "\"jwk_local_path\":\"" + keys + "\"")));
    }

    static void keepSettingsApart()
    {
        static QTemporaryDir settings;
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
        QCoreApplication::setOrganizationName(QStringLiteral("token-lab-test"));
        QCoreApplication::setApplicationName(QStringLiteral("token-lab-test"));
    }
    [[nodiscard]] bool openWindow()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        MainWindow::Options options;
        options.session.playgroundPort = 0;
        m_window = std::make_unique<MainWindow>(options);
        m_window->start({});
        m_window->show();
        return QTest::qWaitForWindowExposed(m_window.get());
    }
};

} // namespace tokenlab::ui
