using System.Text;

namespace Monolith.Host.Logging;

/// <summary>A statement that writes log lines.</summary>
internal readonly record struct LogSource(string Category, LogLevel Level, EventId Event, string Template);

/// <summary>
/// Why a line is written: the statement, its text, and the types, texts and origins of its exceptions. Numbers and ids do not count, so
/// that the same fault of two requests, offsets or ports is one cause.
/// </summary>
internal readonly record struct LogCause(LogSource Source, string Text)
{
    private const string OriginalFormat = "{OriginalFormat}";
    private const int LongestText = 500;
    private const int MaxExceptions = 5;

    public static LogCause Of<TState>(string category, LogLevel level, EventId eventId, TState state, string message, Exception? exception)
    {
        var text = new StringBuilder();
        AddWithoutNumbers(text, message);
        var inner = exception;
        for (var depth = 0; depth < MaxExceptions && inner is not null; depth++, inner = inner.InnerException)
        {
            text.Append('\n').Append(inner.GetType().FullName).Append(' ');
            AddWithoutNumbers(text, inner.Message);
            // Two bugs may throw the same exception with the same text from different methods.
            AddWithoutNumbers(text, FirstFrameOf(inner));
        }

        return new LogCause(new LogSource(category, level, eventId, TemplateOf(state) ?? ""), text.ToString());
    }

    private static ReadOnlySpan<char> FirstFrameOf(Exception exception)
    {
        var trace = exception.StackTrace.AsSpan();
        return trace.IndexOf('\n') is var end and >= 0 ? trace[..end] : trace;
    }

    // Sources of structured lines put their template last.
    private static string? TemplateOf<TState>(TState state) =>
        state is IReadOnlyList<KeyValuePair<string, object?>> { Count: > 0 } values
            && values[^1] is { Key: OriginalFormat, Value: string template } ? template : null;

    /// <summary>Puts one sign for each word that has a digit.</summary>
    private static void AddWithoutNumbers(StringBuilder text, ReadOnlySpan<char> message)
    {
        message = message[..Math.Min(message.Length, LongestText)];
        while (message.Length > 0)
        {
            var length = WordLength(message);
            var word = message[..length];
            if (word.IndexOfAnyInRange('0', '9') >= 0)
                text.Append('#');
            else
                text.Append(word);
            if (length < message.Length)
                text.Append(message[length++]);
            message = message[length..];
        }
    }

    // With dashes, so that a UUID is one word.
    private static int WordLength(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsLetterOrDigit(text[length]) || text[length] == '-'))
            length++;
        return length;
    }
}
