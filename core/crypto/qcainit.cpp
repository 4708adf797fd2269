#include "core/crypto/qcainit.h"

#include <QCoreApplication>
#include <QString>
#include <QtCrypto>

#include <mutex>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

namespace tokenlab::crypto {

void initialiseQca()
{
    static std::once_flag once;
    std::call_once(once, [] {
        const QString plugins = QStringLiteral(TOKENLAB_QCA_PLUGIN_PATH);
        if (!plugins.isEmpty())
            QCoreApplication::addLibraryPath(plugins);
        QCA::init();
        // QCA counts its users and stops itself with the application object; this second count keeps its memory valid after that.
        QCA::init();
    });
}

void loadQcaPlugins()
{
    initialiseQca();
    static std::once_flag once;
    std::call_once(once, [] {
#if defined(__SANITIZE_ADDRESS__)
        // The plugin never gives back what OpenSSL makes for it at its start and at its first random byte.
        const __lsan::ScopedDisabler notOurs;
        static_cast<void>(QCA::Random::randomArray(1));
#endif
        QCA::scanForPlugins();
    });
}

Result<void, CryptoError> requireQca(const char *features)
{
    loadQcaPlugins();
    if (QCA::isSupported(features))
        return {};
    return fail(CryptoError{QByteArray("no QCA plugin offers ") + features + " (is the qca-ossl plugin installed?)"});
}

} // namespace tokenlab::crypto
