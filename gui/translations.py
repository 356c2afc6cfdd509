"""The window's languages: English as it is written, and what stands in `resources/translations`.

`carrel_en` holds plural forms only. After strings have changed:

    cd resources/translations
    pyside6-lupdate -locations none -no-obsolete $(git ls-files ':/gui/*.py') -ts carrel_zh_CN.ts
    pyside6-lupdate -locations none -no-obsolete -pluralonly … -ts carrel_en.ts

then translate, and `pyside6-lrelease *.ts`. A test fails until that is done.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from engine.paths import RESOURCES

FOLDER = RESOURCES / "translations"
LANGUAGES = ("en", "zh_CN")


def language_of(choice: str) -> str:
    """The language for a choice in the settings: itself, or the system's if Carrel has it."""
    if choice in LANGUAGES:
        return choice
    return "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"


def install(choice: str, app: QCoreApplication) -> list[QTranslator]:
    """Let `app` speak the chosen language from here on; returns what must be kept alive."""
    language = language_of(choice)
    QLocale.setDefault(QLocale(language))
    files = [FOLDER / f"carrel_{language}.qm"]
    if language != "en":
        qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        files.insert(0, FOLDER.__class__(qt) / f"qtbase_{language}.qm")
    installed = []
    for file in files:
        translator = QTranslator(app)
        if translator.load(str(file)):
            app.installTranslator(translator)
            installed.append(translator)
    return installed
