"""`tf.signal`: windows, Fourier and cosine transforms, pieces of signals, the mel scale."""

from cornu._base.suggest import attribute_error
from cornu.tf.signal.frames import frame, inverse_mdct, inverse_stft, mdct, overlap_and_add, stft
from cornu.tf.signal.mel import linear_to_mel_weight_matrix, mfccs_from_log_mel_spectrograms
from cornu.tf.signal.transforms import (
    dct,
    fft,
    fft2d,
    fft3d,
    fftnd,
    fftshift,
    idct,
    ifft,
    ifft2d,
    ifft3d,
    ifftnd,
    ifftshift,
    irfft,
    irfft2d,
    irfft3d,
    irfftnd,
    rfft,
    rfft2d,
    rfft3d,
    rfftnd,
)
from cornu.tf.signal.windows import (
    hamming_window,
    hann_window,
    inverse_stft_window_fn,
    kaiser_bessel_derived_window,
    kaiser_window,
    vorbis_window,
)

__getattr__ = attribute_error(__name__)
