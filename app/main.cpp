// The composition root: decides between the command line and the window.
#include "app/cli/cli.h"
#include "core/support/hardening.h"

#include <QCoreApplication>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstring>

#ifdef Q_OS_UNIX
#include <langinfo.h>
#endif

#ifdef TOKENLAB_UI
#include "ui/mainwindow.h"

#include <QApplication>
#endif

using namespace tokenlab;

namespace {

// Qt complains on standard error about a locale that is not UTF-8, as a bare container has; that line would not be ours.
void settleLocale()
{
#ifdef Q_OS_UNIX
    setlocale(LC_ALL, "");
    if (std::strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        qputenv("LC_ALL", "C.UTF-8");
#endif
}

void nameApplication()
{
    QCoreApplication::setApplicationName(QStringLiteral("token-lab"));
    QCoreApplication::setOrganizationName(QStringLiteral("token-lab"));
    QCoreApplication::setApplicationVersion(QStringLiteral(TOKENLAB_VERSION));
}

bool hasDisplay()
{
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY") ||
           qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

// Bytes: bodies, headers and names of files need not be UTF-8.
QByteArrayList given(int argc, char **argv)
{
    return {argv + std::min(argc, 1), argv + argc};
}

} // namespace

int main(int argc, char **argv)
{
    (void)hardenProcess(); // where it fails there is nothing better to do than to go on
    settleLocale();
    nameApplication();
    if (cli::isCommandLine(given(argc, argv))) {
        QCoreApplication application(argc, argv);
        return cli::run(given(argc, argv));
    }
#ifdef TOKENLAB_UI
    if (hasDisplay()) {
        QApplication application(argc, argv); // takes Qt's own options out
        QApplication::setApplicationDisplayName(QStringLiteral("Token Lab"));
        return ui::runWindow(QCoreApplication::arguments().value(1));
    }
    std::fputs("token-lab: no display here for the window; token-lab demo shows the example in the terminal (see token-lab --help)\n",
               stderr);
#else
    (void)hasDisplay;
    std::fputs("token-lab: built without the window; token-lab demo shows the example in the terminal (see token-lab --help)\n", stderr);
#endif
    return 3;
}
