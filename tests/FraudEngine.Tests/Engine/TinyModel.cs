using System.Text;
using FraudEngine.Engine;
using FraudEngine.Entities;
using FraudEngine.Rules.Features;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Engine;

/// <summary>
/// A model with one tree, which splits once: on its first feature. Below the limit the probability of fraud is 0.1192, from it on 0.8808.
/// </summary>
internal static class TinyModel
{
    /// <summary>The file of trees that <see cref="Yaml"/> names.</summary>
    public const string TreesFile = "tiny.json";

    /// <param name="value">Of the first feature, <c>first</c>.</param>
    /// <param name="score">model, rules or both.</param>
    public static string Yaml(int version, string value, string score = "model") =>
        $$"""
        name: tiny
        version: {{version}}
        trees: {{TreesFile}}
        score: {{score}}
        features:
          - name: first
            value: {{value}}
            text: The first of {amount}
          - name: second
            value: hour(timestamp)

        """;

    /// <param name="limit">Of the first feature.</param>
    /// <param name="second">The name of the second feature.</param>
    public static string Trees(int limit, string second = "second") =>
        $$"""
        {"version":[2,1,4],"learner":{"feature_names":["first","{{second}}"],"feature_types":["float","float"],"objective":{"name":"binary:logistic"},
        "learner_model_param":{"base_score":"5E-1","num_class":"0","num_feature":"2","num_target":"1"},
        "gradient_booster":{"name":"gbtree","model":{"gbtree_model_param":{"num_parallel_tree":"1","num_trees":"1"},"tree_info":[0],"trees":[
        {"left_children":[1,-1,-1],"right_children":[2,-1,-1],"split_indices":[0,0,0],"split_conditions":[{{limit}},-2,2],"default_left":[1,0,0],
        "split_type":[0,0,0],"sum_hessian":[20,10,10],"categories_nodes":[],"tree_param":{"num_feature":"2","num_nodes":"3","size_leaf_vector":"1"} }] } } } }
        """;

    public static byte[] TreesUtf8(int limit) => Encoding.UTF8.GetBytes(Trees(limit));

    public static ModelText Text(int version, string value, int limit, string score = "model") =>
        new(Yaml(version, value, score), TreesUtf8(limit), "model", "trees");

    public static ScoringModel Of(int version, string value, int limit, string score = "model") =>
        ScoringModel.Load(FeatureSet.Parse(Yaml(version, value, score), "model", WindowSettings.Default), TreesUtf8(limit));
}
