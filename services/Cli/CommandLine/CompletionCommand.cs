using System.CommandLine;

namespace Exchange.Cli;

/// <summary>`exchange completion`: a script for the shell that asks this program what may come next.</summary>
static class CompletionCommand
{
    const string Bash = """
        _exchange_complete() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(exchange "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _exchange_complete exchange
        """;

    const string Zsh = """
        #compdef exchange
        _exchange() {
            local -a suggestions
            suggestions=("${(@f)$(exchange "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a suggestions
            _files
        }
        compdef _exchange exchange
        """;

    const string Fish = """
        complete -f -c exchange -a '(exchange "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create(CommandRunner runner)
    {
        var name = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        name.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a script that completes commands and options.") { name };
        return runner.Handle(command, session =>
        {
            session.Out.WriteLine(session.Value(name) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash });
            return Task.FromResult(ExitCode.Ok);
        }).WithExamples(
            "exchange completion bash >> ~/.bashrc",
            "exchange completion fish > ~/.config/fish/completions/exchange.fish");
    }
}
