using FraudEngine.Engine;
using FraudEngine.Entities;
using FraudEngine.Telemetry;

namespace FraudEngine.Hosting;

/// <summary>Logs which model is in force.</summary>
internal static class ModelLog
{
    /// <param name="model">Null where none is in force any more.</param>
    /// <param name="source">The file that it comes from, or what else brought the change.</param>
    public static void Changed(ILogger log, ScoringModel? model, string source)
    {
        if (model is null)
        {
            log.NoModelInForce(source);
        }
        else
        {
            log.ModelInForce(model.Features.Reference, model.Trees.TreeCount, model.Features.Features.Length, model.Plans.Count, model.Features.ScoreText, source);
        }
    }

    /// <param name="model">In force at the start; null where none is.</param>
    /// <param name="files">Null where none are named.</param>
    public static void Started(ILogger log, ScoringModel? model, ModelText? files)
    {
        if (model is null)
        {
            if (files is not null)
            {
                log.NoModelInForce($"as before; {Path.GetFullPath(files.ConfigName)} is taken over when it or its trees change");
            }
        }
        else if (model.Features.Source == files?.Config)
        {
            Changed(log, model, Path.GetFullPath(files.ConfigName));
        }
        else
        {
            log.ModelStillInForce(model.Features.Reference, model.Trees.TreeCount, model.Features.Features.Length, model.Plans.Count, model.Features.ScoreText);
        }
    }
}
