using Microsoft.AspNetCore.Http;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>
/// Records which parameters a route reads. For that the route reads a request without parameters: the line that reads a parameter is also
/// the one that documents it.
/// </summary>
internal sealed class ParameterRecorder
{
    private readonly List<(string Name, ParameterSchema Schema)> query = [];
    private readonly List<(string Name, ParameterSchema Schema)> route = [];

    private ParameterRecorder()
    {
    }

    /// <summary>The parameters of the query, in the order in which they are read.</summary>
    public IReadOnlyList<(string Name, ParameterSchema Schema)> InQuery => query;

    /// <summary>The parameters of the path.</summary>
    public IReadOnlyList<(string Name, ParameterSchema Schema)> InRoute => route;

    /// <summary>The request that the route built from the parameters: for a use case, its query.</summary>
    public object? Request { get; private set; }

    public static ParameterRecorder Of(Func<QueryReader, object?> read)
    {
        var recorder = new ParameterRecorder();
        recorder.Request = read(new QueryReader(new DefaultHttpContext().Request, recorder));
        return recorder;
    }

    public void Query(string name, ParameterSchema schema) => Record(query, name, schema);

    public void Route(string name, ParameterSchema schema) => Record(route, name, schema);

    // A parameter may be read twice, first as text: the last schema that says more than text counts.
    private static void Record(List<(string Name, ParameterSchema Schema)> parameters, string name, ParameterSchema schema)
    {
        var known = parameters.FindIndex(parameter => parameter.Name == name);
        if (known < 0)
            parameters.Add((name, schema));
        else if (!ReferenceEquals(schema, ParameterSchema.Text))
            parameters[known] = (name, schema);
    }
}
