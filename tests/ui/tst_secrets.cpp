// A marked key in the window: opened, signed with, gone wrong, saved and closed. Its secret half is found neither in settings, files,
// messages and the clipboard, nor in anything that the window shows.
#include "windowfixture.h"

#include "core/jose/base64.h"
#include "core/jose/jws.h"
#include "tests/support/marker.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QLoggingCategory>
#include <QPlainTextEdit>
#include <QScopeGuard>

#include <Qsci/qsciscintilla.h>

#include <mutex>

using namespace tokenlab;
using namespace tokenlab::ui;
using testsupport::Marker;

namespace {

const QByteArray secret = "\x01<marked secret of Token Lab's own tests, 64 bytes, \xf0\x9f\x94\x91>\xfe\xff";

std::mutex messagesLock;
QByteArray messages;

void keepMessage(QtMsgType, const QMessageLogContext &, const QString &text)
{
    const std::lock_guard guard(messagesLock);
    messages += text.toUtf8() + '\n';
}

QByteArray memberOf(const QByteArray &jwk, const char *name)
{
    return QByteArray::fromBase64(QJsonDocument::fromJson(jwk).object().value(QLatin1String(name)).toString().toLatin1(),
                                  QByteArray::Base64UrlEncoding);
}

void appendModel(const QAbstractItemModel &model, const QModelIndex &parent, int depth, QByteArray &out)
{
    for (int row = 0; row < qMin(model.rowCount(parent), 200); ++row) {
        for (int column = 0; column < model.columnCount(parent); ++column) {
            const QModelIndex index = model.index(row, column, parent);
            for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole), int(Qt::AccessibleTextRole)})
                out += index.data(role).toString().toUtf8() + '\n';
        }
        if (depth < 4)
            appendModel(model, model.index(row, 0, parent), depth + 1, out);
    }
}

// What anybody could read off the window, its tool tips and its accessible texts.
QByteArray shownTexts()
{
    QByteArray out;
    for (const QWidget *widget : QApplication::allWidgets()) {
        out += widget->toolTip().toUtf8() + '\n' + widget->accessibleDescription().toUtf8() + '\n' + widget->windowTitle().toUtf8() + '\n';
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            out += label->text().toUtf8() + '\n';
        if (const auto *edit = qobject_cast<const QLineEdit *>(widget))
            out += edit->text().toUtf8() + '\n';
        if (const auto *edit = qobject_cast<const QPlainTextEdit *>(widget))
            out += edit->toPlainText().toUtf8() + '\n';
        if (const auto *edit = qobject_cast<const QsciScintilla *>(widget))
            out += edit->text().toUtf8() + '\n';
        if (const auto *view = qobject_cast<const QAbstractItemView *>(widget); view && view->model())
            appendModel(*view->model(), {}, 0, out);
    }
    return out;
}

} // namespace

class TestSecrets : public QObject, protected WindowFixture
{
    Q_OBJECT

private:
    QByteArray m_octSet, m_rsaSet, m_rsa;
    std::vector<Marker> m_markers;

    QStringList found(const QStringList &inputs) const
    {
        QStringList out;
        const QString settings = QFileInfo(QSettings().fileName()).absolutePath();
        for (const Marker &marker : m_markers) {
            for (const auto &[what, text] : {std::pair("the window", shownTexts()),
                                             {"messages", messages},
                                             {"the clipboard", QApplication::clipboard()->text().toUtf8()}})
                if (const QByteArray spelling = marker.foundIn(text); !spelling.isEmpty())
                    out.append(QLatin1String(what) + QStringLiteral(": ") + QString::fromUtf8(spelling));
            for (const QString &folder : {m_folder->path(), QDir::homePath(), QDir::tempPath(), settings})
                out += marker.foundBelow(folder, inputs);
        }
        return out;
    }

private Q_SLOTS:
    void initTestCase()
    {
        keepSettingsApart();
        QLoggingCategory::setFilterRules(QStringLiteral("*=true\nqt.*=false\ntokenlab*=true"));
        const auto rsa = jose::generateRsa(2048, "k");
        QVERIFY(rsa);
        m_rsa = rsa->toPrivateJwk().view().toByteArray();
        m_octSet = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"" + jose::encodeBase64RawUrl(secret) + "\"}]}";
        m_rsaSet = "{\"keys\":[" + m_rsa + "]}";
        m_markers.emplace_back(secret);
        for (const char *member : {"d", "p", "q", "dp", "dq", "qi"})
            m_markers.emplace_back(memberOf(m_rsa, member));
    }
    void init() { QVERIFY(openWindow()); }
    void cleanup() { m_window.reset(); }

    void window_data()
    {
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<QByteArray>("alg");
        QTest::addColumn<bool>("inDocument"); // the secret stands in the open file, too, which is shown
        QTest::newRow("a secret") << m_octSet << QByteArray("HS256") << false;
        QTest::newRow("RSA") << m_rsaSet << QByteArray("RS256") << false;
        QTest::newRow("a secret, wrong algorithm") << m_octSet << QByteArray("ES256") << false;
        QTest::newRow("RSA, wrong algorithm") << m_rsaSet << QByteArray("HS256") << false;
        QTest::newRow("a secret with bad base64") << QByteArray(m_octSet).replace("\"}]", "!\"}]") << QByteArray("HS256") << false;
        QTest::newRow("a file cut off") << m_octSet.chopped(6) << QByteArray("HS256") << false;
        QTest::newRow("a file that is the secret") << secret << QByteArray("HS256") << false;
        QTest::newRow("must be found: in the document") << m_octSet << QByteArray("HS256") << true;
    }
    void window()
    {
        QFETCH(QByteArray, keys);
        QFETCH(QByteArray, alg);
        QFETCH(bool, inDocument);
        messages.clear();
        QApplication::clipboard()->clear();
        playground::Server server([](const playground::ServerRequest &) {
            playground::Script script;
            script.headers.append("Content-Type", "application/json");
            script.body = "{\"access_token\":{\"sub\":\"john\"}}";
            return script;
        });
        QVERIFY(server.listen());
        const QString keyFile = write("keys.json", keys);
        QByteArray document = configuration(server.origin(), "\"jwk_local_path\":\"" + keyFile.toUtf8() + '"');
        document.replace("HS256", alg);
        if (inDocument)
            document.replace("{\"version\"", "{\"@comment\":\"" + secret.toHex() + "\",\"version\"");
        const QtMessageHandler before = qInstallMessageHandler(keepMessage);
        const auto restore = qScopeGuard([before] { qInstallMessageHandler(before); });
        m_window->openPath(write("krakend.json", document));
        QTRY_VERIFY(session()->signer().at.isValid());
        send();
        QTRY_VERIFY(finished());
        const QStringList inputs{keyFile};
        QStringList leaks = found(inputs);
        m_window->close();
        m_window.reset();
        leaks += found(inputs); // what closing has written
        if (!inDocument)
            QVERIFY2(leaks.isEmpty(), qPrintable(leaks.join(QLatin1Char('\n'))));
        else
            QVERIFY2(!leaks.filter(QStringLiteral("the window: hex")).isEmpty() &&
                         !leaks.filter(QStringLiteral("krakend.json: hex")).isEmpty(),
                     qPrintable(leaks.join(QLatin1Char('\n'))));
    }

    // The other places, with something in them.
    void mustBeFound()
    {
        QApplication::clipboard()->setText(QString::fromLatin1(secret.toBase64()));
        QSettings().setValue(QStringLiteral("leak"), secret.toBase64(QByteArray::Base64UrlEncoding));
        QSettings().sync();
        keepMessage(QtDebugMsg, {}, QString::fromLatin1(secret.toHex()));
        QFile home(QDir::home().filePath(QStringLiteral("leak")));
        QVERIFY(home.open(QIODevice::WriteOnly) && home.write(secret) == secret.size());
        home.close();
        const QStringList leaks = found({});
        for (const char *where : {"the clipboard: base64", "messages: hex", "leak: raw", "token-lab-test"})
            QVERIFY2(!leaks.filter(QLatin1String(where)).isEmpty(),
                     qPrintable(QLatin1String(where) + QStringLiteral(" not in\n") + leaks.join(QLatin1Char('\n'))));
        QVERIFY(home.remove());
        QSettings().remove(QStringLiteral("leak"));
        messages.clear();
        QApplication::clipboard()->clear();
    }
};

int main(int argc, char **argv)
{
    // Nothing of the user's is looked at, and everything that is written can be.
    QTemporaryDir home, temporary;
    qputenv("HOME", home.path().toUtf8());
    qputenv("TMPDIR", temporary.path().toUtf8());
    for (const char *name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"})
        qputenv(name, (home.path() + QLatin1Char('/') + QLatin1String(name)).toUtf8());
    QApplication application(argc, argv);
    TestSecrets test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_secrets.moc"
