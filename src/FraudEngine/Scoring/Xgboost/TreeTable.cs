namespace FraudEngine.Scoring.Xgboost;

/// <summary>
/// One tree as the file has it, an array per column and an element per node. Node 0 is the root. The columns are as long as each other and their numbers
/// finite; whether they make a tree is for <see cref="ForestBuilder"/> to find out.
/// </summary>
/// <param name="Left">-1 in a leaf.</param>
/// <param name="Right">-1 in a leaf.</param>
/// <param name="Features">The feature that a node compares; <see cref="Pruned"/> in a node that is none any more.</param>
/// <param name="Values">The threshold, in a leaf the value.</param>
/// <param name="DefaultLeft">1 where a missing value goes left, else 0.</param>
/// <param name="Hessians">The sum of the hessians of the training rows that came to the node: 0 or more.</param>
internal sealed record TreeTable(int[] Left, int[] Right, int[] Features, float[] Values, int[] DefaultLeft, float[] Hessians)
{
    public const int NoChild = -1;
    public const int Pruned = int.MaxValue;

    public int Count => Left.Length;

    /// <param name="nodesLeft">How many nodes the model may still have.</param>
    public static TreeTable Read(JsonPlace tree, int features, int nodesLeft)
    {
        var parameters = tree.Member("tree_param");
        var count = parameters.Member("num_nodes").Parameter();
        if (count < 1)
        {
            throw tree.Wrong("it has no node");
        }

        if (count > nodesLeft)
        {
            throw tree.Wrong($"with its {count} nodes the model has more than {TreeModel.NodesMax}, which are the most supported");
        }

        if (parameters.Find("size_leaf_vector")?.Parameter() is > 1 and var size)
        {
            throw tree.Wrong($"its leaves are vectors of {size}; only leaves with 1 value are supported");
        }

        CheckNumerical(tree, count);
        return new TreeTable(
            tree.Member("left_children").Integers(count),
            tree.Member("right_children").Integers(count),
            tree.Member("split_indices").Integers(count),
            tree.Member("split_conditions").Floats(count),
            Checked(tree.Member("default_left"), tree.Member("default_left").Integers(count), static value => value is 0 or 1, "0 or 1"),
            Checked(tree.Member("sum_hessian"), tree.Member("sum_hessian").Floats(count), static value => value >= 0, "0 or more"));
    }

    private static void CheckNumerical(JsonPlace tree, int count)
    {
        var isCategorical = tree.Find("split_type")?.Integers(count).Any(static type => type != 0) == true || tree.Find("categories_nodes")?.Length() > 0;
        if (isCategorical)
        {
            throw tree.Wrong("it splits on categories; only numerical splits are supported");
        }
    }

    private static T[] Checked<T>(JsonPlace place, T[] values, Predicate<T> isValid, string expected) =>
        Array.FindIndex(values, value => !isValid(value)) is var index && index < 0
            ? values
            : throw new ModelException($"{place.Path}[{index}] is {values[index]} instead of {expected}");
}
