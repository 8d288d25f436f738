namespace FraudEngine.Ingress;

/// <summary>What the lines of a stream are.</summary>
/// <param name="TooLarge">The answer to a line that is too long.</param>
/// <param name="CutOff">The answer to a body that ends before its end.</param>
/// <param name="BeginStream">Makes, for one stream, what makes its lines: they share what reads them.</param>
internal sealed record LineKind(Problem TooLarge, Problem CutOff, Func<Func<StreamWindow, StreamLine>> BeginStream);
