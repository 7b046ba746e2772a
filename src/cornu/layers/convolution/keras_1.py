"""Convolutions by the names of Keras 1, which take the sides of the kernel one by one: `Convolution2D(32, 3, 3)`.

Keras up to 2.2 reads them so. In tf.keras and Keras 3 the same names are today's classes, and the third number is the strides.
"""

from typing import Any

from cornu.layers.base import Layer
from cornu.layers.convolution import locally_connected
from cornu.layers.convolution.conv import Conv1D, Conv2D, Conv3D
from cornu.layers.convolution.conv_transpose import Conv2DTranspose
from cornu.layers.convolution.separable_conv import SeparableConv2D
from cornu.layers.legacy_names import with_kernel_size


class OfKeras1:
    """A class of layers under a name of Keras 1. It makes layers of that class, and stands for it elsewhere.

    `dropped`: an argument after the sides of the kernel that today's class finds out by itself.
    """

    def __init__(self, layer_class: type[Layer], dropped: str | None = None):
        self._class, self._dropped = layer_class, dropped

    def __call__(self, *args: Any, **kwargs: Any) -> Layer:
        rank = self._class.rank
        args = with_kernel_size(rank, args, kwargs, has_old_names=True)
        if self._dropped is not None:
            kwargs.pop(self._dropped, None)
            args = args[:2] if len(args) > 2 and isinstance(args[2], (tuple, list)) and len(args[2]) > rank else args
        return self._class(*args, **kwargs)

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, self._class)

    def __subclasscheck__(self, subclass: type) -> bool:
        return issubclass(subclass, self._class)

    def __mro_entries__(self, bases: tuple) -> tuple[type[Layer]]:
        return (self._class,)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._class, name)

    def __repr__(self) -> str:
        return repr(self._class)


Convolution1D = AtrousConvolution1D = OfKeras1(Conv1D)
Convolution2D = AtrousConvolution2D = OfKeras1(Conv2D)
Convolution3D = OfKeras1(Conv3D)
Deconvolution2D = OfKeras1(Conv2DTranspose, dropped="output_shape")
LocallyConnected2D = OfKeras1(locally_connected.LocallyConnected2D)
SeparableConvolution2D = OfKeras1(SeparableConv2D)
