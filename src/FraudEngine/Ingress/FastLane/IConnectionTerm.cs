namespace FraudEngine.Ingress.FastLane;

/// <summary>A feature of connections that clients may not keep for ever. Where it is over, the lane leaves the connection to the web server, which tells the client.</summary>
internal interface IConnectionTerm
{
    bool IsOver { get; }
}
