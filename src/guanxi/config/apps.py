from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "guanxi.config"
    label = "config"

    def ready(self) -> None:
        from guanxi.config import wiring

        wiring.install()
