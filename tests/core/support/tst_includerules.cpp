// The include rules of the design, proved from the sources themselves; made-up sources prove the checker.
#include "tests/core/support/includerules.h"

#include <QDirIterator>
#include <QFile>
#include <QtTest>

using namespace tokenlab::includerules;

class TestIncludeRules : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void madeUpSources_data();
    void madeUpSources();
    void rootEntries_data();
    void rootEntries();
    void tableHasNoCycle();
    void sources_data();
    void sources();
    void root();
};

void TestIncludeRules::madeUpSources_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("problems");
    const auto row = [](const char *name, const char *path, const char *text, const QStringList &problems) {
        QTest::newRow(name) << QByteArray(path) << QByteArray(text) << problems;
    };
    const auto one = [](const char *text) { return QStringList{QString::fromUtf8(text)}; };

    row("good: own folder, a used one, the standard library", "core/jose/a.cpp",
        "#include \"core/jose/a.h\"\n#include \"core/json/value.h\"\n#include <QByteArray>\n#include <vector>\n", {});
    row("good: through another folder's rule", "core/twin/a.cpp", "#include \"core/crypto/secretbytes.h\"\n", {});
    row("good: OpenSSL, QCA and libsodium in core/crypto", "core/crypto/a.cpp",
        "#include <openssl/evp.h>\n#include <QtCrypto>\n#include <sodium.h>\n", {});
    row("good: Qt Network in core/net", "core/net/a.cpp", "#include <QTcpSocket>\n#include <QtNetwork/QSslSocket>\n", {});
    row("good: Qt Network in core/playground", "core/playground/a.cpp", "#include <QTcpServer>\n", {});
    row("good: the window uses all", "ui/tokens/a.cpp",
        "#include \"core/lab/run.h\"\n#include <QWidget>\n#include <Qsci/qsciscintilla.h>\n", {});
    row("good: a moc file", "core/net/a.cpp", "#include \"a.moc\"\n", {});
    row("good: in comments", "core/json/a.cpp", "// #include <QWidget>\n/*\n#include \"core/lab/run.h\"\n*/\n", {});
    row("good: digit separators", "core/json/a.cpp", "int n = 1'000;\n#include <QByteArray>\n", {});

    row("bad: up the table", "core/json/a.cpp", "\n#include \"core/jose/jwk.h\"\n",
        one("core/json/a.cpp:2: core/json may not use core/jose"));
    row("bad: beside it", "core/twin/a.cpp", "#include \"core/net/exchange.h\"\n",
        one("core/twin/a.cpp:1: core/twin may not use core/net"));
    row("bad: text uses lab", "core/text/a.cpp", "#include \"core/lab/run.h\"\n", one("core/text/a.cpp:1: core/text may not use core/lab"));
    row("bad: core uses the window", "core/lab/a.cpp", "#include \"ui/mainwindow.h\"\n", one("core/lab/a.cpp:1: core/lab may not use ui"));
    row("bad: the command line uses the window", "app/cli/a.cpp", "#include \"ui/mainwindow.h\"\n",
        one("app/cli/a.cpp:1: app/cli may not use ui"));
    row("bad: the window uses the program", "ui/a.cpp", "#include \"app/cli/cli.h\"\n", one("ui/a.cpp:1: ui may not use app/cli"));
    row("bad: OpenSSL outside core/crypto", "core/jose/a.cpp", "#include <openssl/evp.h>\n",
        one("core/jose/a.cpp:1: only core/crypto may include openssl/evp.h"));
    row("bad: QCA in the window", "ui/keys/a.cpp", "#include <QtCrypto>\n", one("ui/keys/a.cpp:1: only core/crypto may include QtCrypto"));
    row("bad: QCA's own path", "ui/keys/a.cpp", "#include <QtCrypto/qca_core.h>\n",
        one("ui/keys/a.cpp:1: only core/crypto may include QtCrypto/qca_core.h"));
    row("bad: libsodium in quotes", "core/keys/a.cpp", "#include \"sodium.h\"\n",
        one("core/keys/a.cpp:1: only core/crypto may include sodium.h"));
    row("bad: Widgets in core", "core/lab/a.h", "#  include <QWidget>\n", one("core/lab/a.h:1: core/lab may not use QtWidgets (QWidget)"));
    row("bad: Widgets by module", "core/lab/a.h", "#include <QtWidgets/QWidget>\n",
        one("core/lab/a.h:1: core/lab may not use QtWidgets (QtWidgets/QWidget)"));
    row("bad: Widgets in the command line", "app/cli/a.cpp", "#include <qapplication.h>\n",
        one("app/cli/a.cpp:1: app/cli may not use QtWidgets (qapplication.h)"));
    row("bad: Qt Gui in core", "core/text/a.cpp", "#include <QColor>\n", one("core/text/a.cpp:1: core/text may not use QtGui (QColor)"));
    row("bad: Qt Network in the twin", "core/twin/a.cpp", "#include <QHostAddress>\n",
        one("core/twin/a.cpp:1: core/twin may not use QtNetwork (QHostAddress)"));
    row("bad: Qt's HTTP client in core/net", "core/net/a.cpp", "#include <QNetworkAccessManager>\n",
        one("core/net/a.cpp:1: core/net may not use QNetworkAccessManager, which sends something else than it was given"));
    row("bad: Qt Network in values of http", "core/http/a.cpp", "#include <QNetworkCookie>\n",
        one("core/http/a.cpp:1: core/http may not use QtNetwork (QNetworkCookie)"));
    row("bad: behind a comment", "core/json/a.cpp", "/* why */ #include <QWidget> // so\n",
        one("core/json/a.cpp:1: core/json may not use QtWidgets (QWidget)"));
    row("bad: after a string that looks like a comment", "core/json/a.cpp", "auto s = \"/*\";\n#include <QWidget>\n",
        one("core/json/a.cpp:2: core/json may not use QtWidgets (QWidget)"));
    row("bad: behind a macro", "core/json/a.cpp", "#include HEADER\n",
        one("core/json/a.cpp:1: an include that cannot be read from the source"));
    row("bad: a path from the own folder", "core/json/a.cpp", "#include \"value.h\"\n",
        one("core/json/a.cpp:1: \"value.h\" does not name a file from the root in one of the design's folders"));
    row("bad: ours in angle brackets", "core/json/a.cpp", "#include <core/jose/jwk.h>\n",
        one("core/json/a.cpp:1: <core/jose/jwk.h> is ours and belongs in quotes"));
    row("bad: only Linux has it", "core/lab/a.cpp", "#include <sys/epoll.h>\n",
        one("core/lab/a.cpp:1: core/lab includes sys/epoll.h, which only Linux has"));
    row("bad: a folder without a rule", "core/extra/a.cpp", "", one("core/extra/a.cpp:1: is in no folder of the design"));
    row("bad: a file beside the folders", "core/a.cpp", "", one("core/a.cpp:1: is in no folder of the design"));
    row("bad: each one is told", "core/support/a.cpp", "#include \"core/json/value.h\"\n#include <QWidget>\n",
        {QStringLiteral("core/support/a.cpp:1: core/support may not use core/json"),
         QStringLiteral("core/support/a.cpp:2: core/support may not use QtWidgets (QWidget)")});
}

void TestIncludeRules::madeUpSources()
{
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, text);
    QFETCH(const QStringList, problems);
    QCOMPARE(checkSource(path, text), problems);
}

void TestIncludeRules::rootEntries_data()
{
    QTest::addColumn<QStringList>("entries");
    QTest::addColumn<QStringList>("problems");
    const auto list = [](const char *text) { return QString::fromUtf8(text).split(QLatin1Char(' '), Qt::SkipEmptyParts); };
    QTest::newRow("good: the design's") << list("CMakeLists.txt LICENSE README.md core ui app tests packaging resources .ci .gitignore")
                                        << list("");
    QTest::newRow("good: build folders") << list("build build-asan") << list("");
    QTest::newRow("bad: a loose script and a folder") << list("core fix.py scripts") << list("fix.py scripts");
    QTest::newRow("bad: the name's other case") << list("readme.md") << list("readme.md");
}

void TestIncludeRules::rootEntries()
{
    QFETCH(const QStringList, entries);
    QFETCH(const QStringList, problems);
    QCOMPARE(checkRoot(entries), problems);
}

void TestIncludeRules::tableHasNoCycle()
{
    for (auto rule = rules().begin(); rule != rules().end(); ++rule) {
        for (const QByteArray &used : rule->uses)
            QVERIFY2(rules().contains(used) && !closure(used).folders.contains(rule.key()), (rule.key() + " and " + used).constData());
    }
}

void TestIncludeRules::sources_data()
{
    QTest::addColumn<QByteArray>("path");
    const QDir root(QStringLiteral(TOKENLAB_SOURCE_DIR));
    for (const QString &top : {QStringLiteral("core"), QStringLiteral("ui"), QStringLiteral("app")}) {
        QDirIterator files(root.filePath(top), {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QByteArray path = root.relativeFilePath(files.next()).toUtf8();
            QTest::newRow(path.constData()) << path;
        }
    }
}

void TestIncludeRules::sources()
{
    QFETCH(const QByteArray, path);
    QFile file(QDir(QStringLiteral(TOKENLAB_SOURCE_DIR)).filePath(QString::fromUtf8(path)));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QStringList problems = checkSource(path, file.readAll());
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(QLatin1Char('\n'))));
}

void TestIncludeRules::root()
{
    const QStringList entries = QDir(QStringLiteral(TOKENLAB_SOURCE_DIR)).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    QVERIFY(entries.contains(QStringLiteral("core")));
    QCOMPARE(checkRoot(entries), QStringList());
}

QTEST_GUILESS_MAIN(TestIncludeRules)
#include "tst_includerules.moc"
