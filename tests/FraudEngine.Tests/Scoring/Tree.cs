namespace FraudEngine.Tests.Scoring;

/// <summary>A tree as one draws it, evaluated and explained as one would by hand: what the engine's flat one is compared with.</summary>
internal abstract record Tree(float Hessian)
{
    /// <summary>Of the leaves below, each weighted with its hessian.</summary>
    public abstract double Mean { get; }

    /// <summary>The leaf that a transaction comes to, and on the way what each step adds to its feature.</summary>
    public abstract Leaf Walk(float[] features, double[] contributions);
}

internal sealed record Leaf(float Value, float Hessian = 1) : Tree(Hessian)
{
    public override double Mean => Value;

    public override Leaf Walk(float[] features, double[] contributions) => this;
}

internal sealed record Split(int Feature, float Threshold, bool MissingGoesLeft, Tree Left, Tree Right) : Tree(Left.Hessian + Right.Hessian)
{
    public override double Mean => ((Left.Mean * Left.Hessian) + (Right.Mean * Right.Hessian)) / (Left.Hessian + Right.Hessian);

    public override Leaf Walk(float[] features, double[] contributions)
    {
        var value = features[Feature];
        var next = (float.IsNaN(value) ? MissingGoesLeft : value < Threshold) ? Left : Right;
        contributions[Feature] += next.Mean - Mean;
        return next.Walk(features, contributions);
    }

    public static Tree Drawn(Random random, int features, int depth) => depth == 0 || random.Next(5) == 0
        ? new Leaf((random.NextSingle() * 2) - 1, random.Next(1, 50))
        : new Split(random.Next(features), random.Next(-3, 4), random.Next(2) == 0, Drawn(random, features, depth - 1), Drawn(random, features, depth - 1));
}
