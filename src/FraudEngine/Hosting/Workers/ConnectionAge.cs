using FraudEngine.Ingress.FastLane;

namespace FraudEngine.Hosting.Workers;

/// <summary>
/// How long a client may keep a connection, if the worker does not stop before: then it is asked, with an answer, to connect anew. Otherwise a worker that was
/// restarted would stay without clients for as long as these keep the connections that they have to the others.
/// </summary>
internal sealed class ConnectionAge(SharedListening listening, TimeProvider clock) : IConnectionTerm
{
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(60);

    private readonly long _since = clock.GetTimestamp();

    public bool IsOver => listening.IsDraining || clock.GetElapsedTime(_since) > Max;
}
