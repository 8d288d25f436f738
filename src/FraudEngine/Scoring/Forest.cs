namespace FraudEngine.Scoring;

/// <summary>The trees of a model, laid out for walking.</summary>
/// <param name="Nodes">Of all trees, each tree's in the order of their depth.</param>
/// <param name="Means">
/// Per node the mean of the leaves below it, each weighted with its sum of hessians, as XGBoost weights them; of a leaf its value.
/// </param>
/// <param name="Roots">Per tree, in the order in which their values are added.</param>
/// <param name="Depths">Per tree: the steps from its root to its lowest leaf.</param>
internal sealed record Forest(TreeNode[] Nodes, float[] Means, int[] Roots, int[] Depths)
{
    /// <summary>Four trees are walked at once, as the processor can do their steps side by side.</summary>
    private const int Abreast = 4;

    /// <summary>The sum of a start value and all trees' leaves, added one by one in the order of the trees.</summary>
    /// <param name="columns">As filled by <see cref="FeatureColumns.Fill"/>.</param>
    public float Add(float start, ReadOnlySpan<float> columns)
    {
        var sum = start;
        var tree = 0;
        for (; tree <= Roots.Length - Abreast; tree += Abreast)
        {
            sum = AddFour(sum, tree, columns);
        }

        for (; tree < Roots.Length; tree++)
        {
            var at = Roots[tree];
            while (Nodes[at].Left != at)
            {
                at = Nodes[at].Next(columns);
            }

            sum += Means[at];
        }

        return sum;
    }

    /// <summary>
    /// All walks take as many steps as the deepest tree needs, without a branch that could be mispredicted; those that are in a leaf earlier stay there.
    /// </summary>
    private float AddFour(float sum, int tree, ReadOnlySpan<float> columns)
    {
        var nodes = Nodes;
        var (a, b, c, d) = (Roots[tree], Roots[tree + 1], Roots[tree + 2], Roots[tree + 3]);
        var steps = Math.Max(Math.Max(Depths[tree], Depths[tree + 1]), Math.Max(Depths[tree + 2], Depths[tree + 3]));
        for (; steps > 0; steps--)
        {
            a = nodes[a].Next(columns);
            b = nodes[b].Next(columns);
            c = nodes[c].Next(columns);
            d = nodes[d].Next(columns);
        }

        return sum + Means[a] + Means[b] + Means[c] + Means[d];
    }
}
