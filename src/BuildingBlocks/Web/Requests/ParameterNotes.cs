using Microsoft.AspNetCore.Http;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>
/// Which parameters a route reads. It is found out by letting the route read a request that has none: what it asks the reader for is what it takes, so that the line that reads a parameter is also the one that
/// documents it.
/// </summary>
internal sealed class ParameterNotes
{
    private readonly List<(string Name, ParameterForm Form)> query = [];
    private readonly List<(string Name, ParameterForm Form)> route = [];

    private ParameterNotes()
    {
    }

    /// <summary>The parameters of the query, in the order in which they are read.</summary>
    public IReadOnlyList<(string Name, ParameterForm Form)> InQuery => query;

    /// <summary>The parameters of the path.</summary>
    public IReadOnlyList<(string Name, ParameterForm Form)> InRoute => route;

    /// <summary>What was asked in the end: for a use case its query.</summary>
    public object? Asked { get; private set; }

    public static ParameterNotes Of(Func<QueryReader, object?> read)
    {
        var notes = new ParameterNotes();
        notes.Asked = read(new QueryReader(new DefaultHttpContext().Request, notes));
        return notes;
    }

    public void Query(string name, ParameterForm form) => Note(query, name, form);

    public void Route(string name, ParameterForm form) => Note(route, name, form);

    // A parameter may be looked at before it is read: what is said last says most.
    private static void Note(List<(string Name, ParameterForm Form)> notes, string name, ParameterForm form)
    {
        var known = notes.FindIndex(note => note.Name == name);
        if (known < 0)
            notes.Add((name, form));
        else if (!ReferenceEquals(form, ParameterForm.Text))
            notes[known] = (name, form);
    }
}
