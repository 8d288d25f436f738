using System.Text;
using Microsoft.Extensions.ObjectPool;

namespace FraudEngine.Ingress;

/// <summary>The exchanges that no request has.</summary>
internal static class SingleExchanges
{
    private const int PooledMax = 1024;

    public static ObjectPool<SingleExchange> Pool(IngressSettings settings) => new DefaultObjectPool<SingleExchange>(new Policy(Encoding.ASCII.GetBytes(settings.DefaultCurrency)), PooledMax);

    private sealed class Policy(byte[] defaultCurrency) : PooledObjectPolicy<SingleExchange>
    {
        public override SingleExchange Create() => new(defaultCurrency);

        public override bool Return(SingleExchange obj) => true;
    }
}
