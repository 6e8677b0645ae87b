using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Verification;
using Monolith.BuildingBlocks.Web.Numbers;
using Monolith.BuildingBlocks.Web.Responses;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>The JSON of projections in the admin API. Enumerations are camel-case words.</summary>
[JsonSerializable(typeof(PageBody<ProjectionReport>))]
[JsonSerializable(typeof(PageBody<OperatorAction>))]
[JsonSerializable(typeof(PageBody<DeadLetter>))]
[JsonSerializable(typeof(Operation))]
[JsonSerializable(typeof(VerifyResult))]
[JsonSerializable(typeof(RebuildBody))]
[JsonSerializable(typeof(RequeueBody))]
[JsonSerializable(typeof(DiscardBody))]
public sealed partial class ProjectionsJson : JsonSerializerContext
{
    /// <summary>The context with the options of the admin API.</summary>
    public static ProjectionsJson Web { get; } = new(NewOptions());

    private static JsonSerializerOptions NewOptions()
    {
        var options = EventJson.NewOptions();
        options.AllowDuplicateProperties = false;
        ExactNumbers.AddTo(options.Converters);
        options.Converters.Add(new JsonStringEnumConverter<GenerationState>(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new JsonStringEnumConverter<Promotion>(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new JsonStringEnumConverter<OperationState>(JsonNamingPolicy.CamelCase));
        return options;
    }
}
