// saveFile(): whole or not at all, with the mode that the content needs, under any name.
#include "core/support/savefile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace tokenlab;

namespace {

QByteArray content(const QByteArray &path)
{
    const std::unique_ptr<FILE, int (*)(FILE *)> stream(std::fopen(path.constData(), "re"), &std::fclose);
    QFile file;
    return stream && file.open(stream.get(), QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
}

void put(const QByteArray &path, const QByteArray &bytes, mode_t mode)
{
    const std::unique_ptr<FILE, int (*)(FILE *)> stream(std::fopen(path.constData(), "we"), &std::fclose);
    QVERIFY(stream);
    QCOMPARE(std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stream.get()), size_t(bytes.size()));
    QCOMPARE(::chmod(path.constData(), mode), 0);
}

int modeOf(const QByteArray &path)
{
    struct stat found = {};
    return ::stat(path.constData(), &found) == 0 ? int(found.st_mode & 07777) : -1;
}

// QDir neither lists nor removes names that are no UTF-8.
class Folder
{
public:
    Folder() = default;
    ~Folder() { std::filesystem::remove_all(path().toStdString()); }
    Q_DISABLE_COPY_MOVE(Folder)
    [[nodiscard]] QByteArray path() const { return QFile::encodeName(m_folder.path()); }
    [[nodiscard]] int files() const
    {
        const std::filesystem::directory_iterator all(path().toStdString());
        return int(std::distance(begin(all), end(all)));
    }

private:
    QTemporaryDir m_folder;
};

// While it lives, no file grows beyond this: what a write meets on a full disk.
class SizeLimit
{
public:
    explicit SizeLimit(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~SizeLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    Q_DISABLE_COPY_MOVE(SizeLimit)

private:
    rlimit m_before = {};
    void (*m_handler)(int);
};

} // namespace

class TestSaveFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_mask = ::umask(022); }
    void cleanup() { ::umask(m_mask); }

    void saved_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<int>("before"); // its mode; -1: there is none
        QTest::addColumn<int>("access");
        QTest::addColumn<int>("after");
        for (const QByteArray &name : {QByteArray("k.json"), QByteArray("k\xff.json"), QByteArray("\xc3\xbc b.json")}) {
            const QByteArray label = name.toPercentEncoding();
            QTest::addRow("%s new", label.constData()) << name << -1 << int(Access::Ordinary) << 0644;
            QTest::addRow("%s new, secret", label.constData()) << name << -1 << int(Access::OwnerOnly) << 0600;
            QTest::addRow("%s keeps its mode", label.constData()) << name << 0640 << int(Access::Ordinary) << 0640;
            QTest::addRow("%s is narrowed for a secret", label.constData()) << name << 0644 << int(Access::OwnerOnly) << 0600;
        }
    }
    void saved()
    {
        QFETCH(QByteArray, name);
        QFETCH(int, before);
        QFETCH(int, access);
        const Folder folder;
        const QByteArray path = folder.path() + '/' + name;
        if (before >= 0)
            put(path, "the old text, which is longer", mode_t(before));
        QVERIFY(saveFile(path, "new", Access(access)));
        QCOMPARE(content(path), QByteArray("new"));
        QTEST(modeOf(path), "after");
        QCOMPARE(folder.files(), 1);
        QVERIFY(saveFile(path, {}, Access(access)));
        QCOMPARE(content(path), QByteArray());
    }

    void links_data() { names(); }
    void links()
    {
        QFETCH(QByteArray, name);
        const Folder folder;
        const QByteArray target = folder.path() + "/real.json";
        const QByteArray path = folder.path() + '/' + name;
        put(target, "old", 0644);
        QCOMPARE(::symlink(target.constData(), path.constData()), 0);
        QVERIFY(saveFile(path, "new", Access::OwnerOnly));
        QCOMPARE(content(target), QByteArray("new"));
        QCOMPARE(modeOf(target), 0600);
        struct stat link = {};
        QCOMPARE(::lstat(path.constData(), &link), 0);
        QVERIFY(S_ISLNK(link.st_mode));
    }

    void devices_data() { names(); }
    void devices()
    {
        QFETCH(QByteArray, name);
        const Folder folder;
        const QByteArray path = folder.path() + '/' + name;
        QCOMPARE(::symlink("/dev/null", path.constData()), 0);
        QVERIFY(saveFile(path, "new", Access::OwnerOnly));
        QVERIFY(modeOf("/dev/null") != 0600);
        QCOMPARE(::unlink(path.constData()), 0);
        // Must fail: this device is always full.
        QCOMPARE(::symlink("/dev/full", path.constData()), 0);
        const auto full = saveFile(path, "new");
        QVERIFY(!full);
        QVERIFY(!full.error().reason.isEmpty());
    }

    void oldOneStays_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<qint64>("limit");
        for (const QByteArray &name : {QByteArray("k.json"), QByteArray("k\xff.json")})
            for (const qint64 limit : {0, 4096, 99'999})
                QTest::addRow("%s %lld", name.toPercentEncoding().constData(), limit) << name << limit;
    }
    void oldOneStays()
    {
        QFETCH(QByteArray, name);
        QFETCH(qint64, limit);
        const Folder folder;
        const QByteArray path = folder.path() + '/' + name;
        put(path, "old", 0644);
        {
            const SizeLimit full{rlim_t(limit)};
            QVERIFY(!saveFile(path, QByteArray(100'000, 'x'), Access::OwnerOnly));
        }
        QCOMPARE(content(path), QByteArray("old"));
        QCOMPARE(modeOf(path), 0644);
        QCOMPARE(folder.files(), 1);
        QVERIFY(saveFile(path, QByteArray(100'000, 'x'), Access::OwnerOnly));
        QCOMPARE(content(path).size(), 100'000);
    }

    void noFolder_data() { names(); }
    void noFolder()
    {
        QFETCH(QByteArray, name);
        const Folder folder;
        const auto saved = saveFile(folder.path() + "/none/" + name, "x");
        QVERIFY(!saved);
        QVERIFY(!saved.error().reason.isEmpty());
        QVERIFY(!saveFile(folder.path(), "x"));
    }

private:
    static void names()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::newRow("plain") << QByteArray("k.json");
        QTest::newRow("no UTF-8") << QByteArray("k\xff.json");
    }
    mode_t m_mask = 0;
};

QTEST_GUILESS_MAIN(TestSaveFile)
#include "tst_savefile.moc"
