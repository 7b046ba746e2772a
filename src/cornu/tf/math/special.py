"""`tf.math.special`: Bessel functions, integrals of Dawson, Fresnel and Spence, the exponential integral."""

from cornu.ops import bessel, special
from cornu.tf.naming import named

bessel_i0 = named("bessel_i0(x)", bessel.bessel_i0, floating=True)
bessel_i0e = named("bessel_i0e(x)", bessel.bessel_i0e, floating=True)
bessel_i1 = named("bessel_i1(x)", bessel.bessel_i1, floating=True)
bessel_i1e = named("bessel_i1e(x)", bessel.bessel_i1e, floating=True)
bessel_j0 = named("bessel_j0(x)", bessel.bessel_j0, floating=True)
bessel_j1 = named("bessel_j1(x)", bessel.bessel_j1, floating=True)
bessel_k0 = named("bessel_k0(x)", bessel.bessel_k0, floating=True)
bessel_k0e = named("bessel_k0e(x)", bessel.bessel_k0e, floating=True)
bessel_k1 = named("bessel_k1(x)", bessel.bessel_k1, floating=True)
bessel_k1e = named("bessel_k1e(x)", bessel.bessel_k1e, floating=True)
bessel_y0 = named("bessel_y0(x)", bessel.bessel_y0, floating=True)
bessel_y1 = named("bessel_y1(x)", bessel.bessel_y1, floating=True)
dawsn = named("dawsn(x)", special.dawsn, floating=True)
expint = named("expint(x)", special.expint, floating=True)
fresnel_cos = named("fresnel_cos(x)", special.fresnel_cos, floating=True)
fresnel_sin = named("fresnel_sin(x)", special.fresnel_sin, floating=True)
spence = named("spence(x)", special.spence, floating=True)
